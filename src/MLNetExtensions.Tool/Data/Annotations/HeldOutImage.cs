using Microsoft.ML.Data;

namespace MLNetExtensions.Tool.Data.Annotations;

/// <summary>A line of a run's list of images.</summary>
internal sealed class HeldOutImage
{
    [LoadColumn(0)]
    public string ImagePath { get; set; } = "";
}
