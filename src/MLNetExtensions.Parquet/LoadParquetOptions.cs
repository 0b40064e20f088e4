using Microsoft.ML;

namespace MLNetExtensions.Parquet;

/// <summary>The options of <see cref="ParquetCatalog.LoadFromParquet"/>.</summary>
public sealed record LoadParquetOptions
{
    /// <summary>
    /// The column of encoded images: bytes, or a structure with bytes in its field <c>bytes</c> and a name in its field <c>path</c>, as
    /// Hugging Face's image columns are.
    /// </summary>
    /// <value>The default is image.</value>
    public string ImageColumn { get; init; } = "image";

    /// <summary>
    /// The column of labels: text, or integers, which become names if the file's Hugging Face metadata has them. Null for images
    /// without labels.
    /// </summary>
    /// <value>The default is label.</value>
    public string? LabelColumn { get; init; } = "label";
}
