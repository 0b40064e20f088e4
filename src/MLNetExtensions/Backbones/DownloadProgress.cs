namespace MLNetExtensions.Backbones;

/// <summary>The progress of a download.</summary>
/// <param name="BytesReceived">The bytes of the file that are on disk.</param>
/// <param name="TotalBytes">The size of the whole file.</param>
/// <param name="Source">The address in use.</param>
public readonly record struct DownloadProgress(long BytesReceived, long TotalBytes, Uri Source);
