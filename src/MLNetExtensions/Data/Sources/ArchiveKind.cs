namespace MLNetExtensions.Data.Sources;

internal enum ArchiveKind
{
    Zip,
    Tar,
    CompressedTar,
}
