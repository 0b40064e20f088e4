namespace MLNetExtensions.Data.Sources;

/// <summary>An image in an archive.</summary>
/// <param name="Name">Its path in the archive, separated by '/'.</param>
/// <param name="Index">Its place among all entries, from 0.</param>
/// <param name="Length">Its size, unpacked.</param>
/// <param name="Offset">The position of its bytes in the file; -1 if they are compressed.</param>
internal readonly record struct ArchiveEntry(string Name, int Index, long Length, long Offset = -1);
