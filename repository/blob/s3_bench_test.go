package blob_test

import (
	"bytes"
	"fmt"
	"io"
	"sync/atomic"
	"testing"

	"docket/repository/blob"
	"docket/repository/embedded/gateway"
	"docket/repository/embedded/gateway/gatewaytest"
)

const letter = 100_000 // bytes: a scanned page

func BenchmarkGatewayPut(b *testing.B) {
	for _, side := range []int{1, 8, 32} {
		b.Run(fmt.Sprint("side by side ", side), func(b *testing.B) {
			s := benchStore(b)
			content := make([]byte, letter)
			b.SetBytes(letter)
			b.SetParallelism(side)
			var n atomic.Int64
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					key := fmt.Sprintf("documents/%d/content", n.Add(1))
					if _, err := s.Put(b.Context(), key, bytes.NewReader(content), blob.PutOptions{}); err != nil {
						b.Error(err)
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "puts/s")
		})
	}
}

func BenchmarkGatewayGet(b *testing.B) {
	s := benchStore(b)
	if _, err := s.Put(b.Context(), "k", bytes.NewReader(make([]byte, letter)), blob.PutOptions{}); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(letter)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r, err := s.Open(b.Context(), "k", "")
			if err != nil {
				b.Error(err)
				return
			}
			if _, err := io.Copy(io.Discard, r); err != nil {
				b.Error(err)
			}
			r.Close()
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "gets/s")
}

func benchStore(b *testing.B) *blob.S3 {
	b.Helper()
	s, err := blob.OpenS3(b.Context(), gatewaytest.New(b, gateway.Config{}).S3())
	if err != nil {
		b.Fatal(err)
	}
	return s
}
