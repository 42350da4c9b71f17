export function startUpload(): void {}
