package detect

import "math"

// leastScale is the scale of a feature that is as frequent under a label as elsewhere. It keeps such features in play:
// together with others they may tell labels apart.
const leastScale = 0.25

// stretch scales the features of training texts by how differently often they occur under a label and elsewhere: by the
// absolute logarithm of the ratio of their counts, each count one higher than seen. A separator trained on them leans on
// the features that naive Bayes finds telling (Wang, Manning: Baselines and Bigrams, ACL 2012). The weights found must be
// multiplied by the scales.
func stretch(rows []row, label, features int) (stretched []row, scales []float32) {
	scales = logRatios(rows, label, features)
	stretched = make([]row, len(rows))
	for i, r := range rows {
		x := make([]feature, len(r.x))
		for j, f := range r.x {
			x[j] = feature{f.at, f.value * scales[f.at]}
		}
		stretched[i] = row{x, r.label, r.weight}
	}
	return stretched, scales
}

func logRatios(rows []row, label, features int) []float32 {
	own, other := make([]float64, features), make([]float64, features)
	owns, others := float64(features), float64(features)
	for _, r := range rows {
		for _, f := range r.x {
			if r.label == label {
				own[f.at] += r.weight
				owns += r.weight
			} else {
				other[f.at] += r.weight
				others += r.weight
			}
		}
	}
	ratios := make([]float32, features)
	for i := range ratios {
		ratios[i] = float32(leastScale + math.Abs(math.Log((own[i]+1)/owns)-math.Log((other[i]+1)/others)))
	}
	return ratios
}
