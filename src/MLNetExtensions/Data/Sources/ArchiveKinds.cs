namespace MLNetExtensions.Data.Sources;

/// <summary>Tells archives apart by their first bytes; names lie.</summary>
internal static class ArchiveKinds
{
    private const int TarMagicOffset = 257;

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is of no kind that is read.</exception>
    public static ArchiveKind Of(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no archive '{path}'. Expected a zip, tar or tar.gz file.", path);
        Span<byte> head = stackalloc byte[TarMagicOffset + 5];
        using FileStream file = File.OpenRead(path);
        head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        return head switch
        {
            [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..] => ArchiveKind.Zip,
            [0x1F, 0x8B, ..] => ArchiveKind.CompressedTar,
            _ when head.Length > TarMagicOffset && head[TarMagicOffset..].SequenceEqual("ustar"u8) => ArchiveKind.Tar,
            [0xFD, (byte)'7', (byte)'z', ..]
            or [(byte)'B', (byte)'Z', (byte)'h', ..]
            or [(byte)'7', (byte)'z', ..]
            or [(byte)'R', (byte)'a', (byte)'r', ..]
            or [0x28, 0xB5, 0x2F, 0xFD, ..] => throw new InvalidDataException(
                $"'{path}' is packed by xz, bzip2, 7-Zip, RAR or zstd, which are not read. Pack the images as zip, tar or tar.gz."
            ),
            _ => throw new InvalidDataException($"'{path}' is no archive: it begins as neither zip, tar nor gzip files do."),
        };
    }
}
