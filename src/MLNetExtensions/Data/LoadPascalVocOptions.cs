namespace MLNetExtensions.Data;

/// <summary>
/// The options of <see cref="Microsoft.ML.PascalVocCatalog.LoadFromPascalVoc"/>. Images lie in the folder <c>JPEGImages</c> if there is
/// one, else beside the annotations; the classes are sorted by their names, for the format has no list of them.
/// </summary>
public sealed record LoadPascalVocOptions : LoadBoxesOptions
{
    /// <summary>
    /// A text file with the names of the annotations to read, one a line without extension, as in <c>ImageSets/Main/train.txt</c>.
    /// </summary>
    /// <value>The default is null: all.</value>
    public string? ImageSet { get; init; }

    /// <summary>
    /// True if the upper left pixel is (1, 1) and <c>xmax</c>, <c>ymax</c> are the last pixels inside, as in Pascal VOC: a box is then from
    /// <c>xmin - 1</c> to <c>xmax</c>. False for tools that write edges from 0: a box is then from <c>xmin</c> to <c>xmax</c>.
    /// </summary>
    /// <value>The default is true.</value>
    public bool CountFromOne { get; init; } = true;

    /// <summary>
    /// True if objects marked as difficult are objects like others; false if they are marked as <c>IsCrowd</c>, so that they count neither
    /// as found nor as missed, as in Pascal VOC's evaluation.
    /// </summary>
    /// <value>The default is false.</value>
    public bool CountDifficult { get; init; }
}
