namespace MLNetExtensions.Backbones.Exported;

/// <summary>
/// The names of an exported model's values, which in ML.NET are column names too. All but the output's own start with <c>mlnetx.</c> and
/// hold the output's name, so that they meet neither a user's columns nor those of a second model in the same pipeline.
/// </summary>
/// <param name="Output">The output column: the score or the features.</param>
internal readonly record struct ScoringNames(string Output)
{
    /// <summary>The pixels that go in, float [batch, channels, CanvasHeight, CanvasWidth], 0 to 255.</summary>
    public string Pixels => $"mlnetx.{Output}.pixels";

    /// <summary>The width and height of the images before they were resized, float [batch, 2]; an input of models that need it.</summary>
    public string Size => $"mlnetx.{Output}.size";

    /// <summary>The name of the most probable class, text [batch, 1].</summary>
    public string LabelText => $"mlnetx.{Output}.label";

    /// <summary>The column of the image, between loading and pixels.</summary>
    public string Image => $"mlnetx.{Output}.image";

    /// <summary>The column of the label's hash, between the label's text and its key.</summary>
    public string LabelHash => $"mlnetx.{Output}.hash";

    /// <summary>The beginning of the names of other values.</summary>
    public string Prefix => $"mlnetx.{Output}.";

    /// <summary>The node whose keys ML.NET's ONNX transformer takes as the slot names of the output column.</summary>
    public string SlotNamesNode => SlotNamesNodeOf(Output);

    /// <summary>The node whose keys ML.NET's ONNX transformer takes as the slot names of a column.</summary>
    public static string SlotNamesNodeOf(string column) => $"mlnet.{column}.SlotNames";
}
