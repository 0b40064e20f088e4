using MLNetExtensions.Imaging;

namespace MLNetExtensions.Scoring.ScoreOnnx;

/// <summary>The column that feeds one of a model's inputs.</summary>
public sealed record OnnxInput
{
    /// <summary>The input's name in the model.</summary>
    /// <value>The default is null: the model's only input, or the input with the column's name.</value>
    public string? Name { get; init; }

    /// <summary>
    /// The column's name. Numbers, Booleans and texts are passed unchanged: a value or a vector per row, of the input's own type. Images
    /// are converted by <see cref="Preprocessing"/>: an MLImage, a file's path (text), a file's bytes (vector of Byte of unknown size).
    /// </summary>
    /// <value>The default is null: the column with the input's name.</value>
    public string? ColumnName { get; init; }

    /// <summary>
    /// The preprocessing from images to the input. With it, a vector of Single is taken as pixels: planar red, green and blue of 0 to 255,
    /// as ExtractPixels makes them from an image of the size that the preprocessing starts from.
    /// An input of bytes (UInt8) takes the values 0 to 255 unchanged: Scale, Mean and StandardDeviation do not apply to it.
    /// </summary>
    /// <value>The default is null: that of the model's metadata, or of the same file in the catalog of backbones; without either, images
    /// are an error.</value>
    public ImagePreprocessing? Preprocessing { get; init; }

    /// <summary>The folder that relative paths in a path column start from.</summary>
    /// <value>The default is null: the working folder.</value>
    public string? ImageFolder { get; init; }

    /// <summary>
    /// True if a saved model turns the files of a path column upright by their EXIF orientation, as this library does. The application that
    /// loads it then needs the small package MLNetExtensions.SavedSteps. False to save ML.NET's LoadImages, which needs no package and
    /// ignores EXIF; saving warns if images were turned.
    /// </summary>
    /// <value>The default is false. Not together with <see cref="ImageFolder"/>.</value>
    public bool UprightWhenSaved { get; init; }

    /// <summary>
    /// The dimensions of a row without the batch, if the model leaves more than one open and the column's type does not determine them.
    /// </summary>
    /// <value>The default is null: the column's.</value>
    public IReadOnlyList<int>? Shape { get; init; }
}
