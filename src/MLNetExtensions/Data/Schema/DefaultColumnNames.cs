namespace MLNetExtensions.Data.Schema;

/// <summary>The names that columns have unless options say otherwise: ML.NET's own, and those of images.</summary>
internal static class DefaultColumnNames
{
    public const string Label = "Label";
    public const string Score = "Score";
    public const string PredictedLabel = "PredictedLabel";
    public const string Image = "Image";
    public const string ImagePath = "ImagePath";
    public const string BoundingBoxes = "BoundingBoxes";
    public const string PredictedBoundingBoxes = "PredictedBoundingBoxes";
    public const string IsCrowd = "IsCrowd";
    public const string Mask = "Mask";
    public const string MaskPath = "MaskPath";
    public const string PredictedMask = "PredictedMask";
}
