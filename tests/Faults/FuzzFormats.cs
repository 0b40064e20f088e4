using MLNetExtensions.Faults.Formats;
using MLNetExtensions.Faults.Fuzzing;

namespace MLNetExtensions.Faults;

/// <summary>The formats that are tried, by their names.</summary>
internal static class FuzzFormats
{
    public static IReadOnlyList<IFuzzFormat> All { get; } =
    [
        new BackboneFormat(),
        new CatalogFormat(),
        new CheckpointFormat(),
        new FrozenGraphFormat(),
        new MetadataFormat(),
        new SavedModelFormat(),
        new OnnxFormat(),
        new SessionFormat(),
        new GraphFormat(),
        new JpegFormat(),
        new ImageFormat(),
        .. ArchiveFormat.All,
        new IdxFormat(),
        new ParquetFormat(),
        new CifarFilesFormat(),
        .. ListFormat.All,
        .. AnnotationFormat.All,
        new MaskFileFormat(),
        new TensorFlowFolderFormat(),
    ];

    public static IFuzzFormat Find(string name) =>
        All.FirstOrDefault(f => f.Name == name)
        ?? throw new ArgumentException($"There is no format '{name}'. Formats: {string.Join(", ", All.Select(f => f.Name))}.");
}
