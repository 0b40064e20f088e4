namespace MLNetExtensions.Imaging.Masks;

/// <summary>A mask that is not read yet: a file, or the bytes of one.</summary>
internal readonly record struct EncodedMask(string? Path, ReadOnlyMemory<byte> Bytes);
