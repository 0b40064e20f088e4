using Microsoft.ML.Data;
using MLNetExtensions.Scoring.Decoding;

namespace MLNetExtensions.Scoring.Saving;

/// <summary>A detection network's outputs for an image. Those that there are not hold something else.</summary>
internal sealed class DetectionOutputs
{
    public const string RuleColumnName = "mlnetx.Detection.Rule";

    public static readonly string[] ColumnNames = ["mlnetx.Detection.Output0", "mlnetx.Detection.Output1", "mlnetx.Detection.Output2"];

    [ColumnName("mlnetx.Detection.Output0")]
    public VBuffer<float> First { get; set; }

    [ColumnName("mlnetx.Detection.Output1")]
    public VBuffer<float> Second { get; set; }

    [ColumnName("mlnetx.Detection.Output2")]
    public VBuffer<float> Third { get; set; }

    /// <summary>The numbers of a <see cref="DetectionRule"/>.</summary>
    [ColumnName(RuleColumnName)]
    public VBuffer<float> Rule { get; set; }

    /// <summary>The image's width and height; of another length where they are not known.</summary>
    [ColumnName(MeasuredImage.ColumnName)]
    public VBuffer<float> Size { get; set; }
}
