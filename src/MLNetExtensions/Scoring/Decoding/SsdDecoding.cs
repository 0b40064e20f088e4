using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Scoring.Sessions;

namespace MLNetExtensions.Scoring.Decoding;

/// <summary>
/// Decodes the objects of SSD networks: boxes [boxes, 4] of 0 to 1, and scores: [boxes, classes] with the background as first class, or
/// [boxes] together with the classes' numbers. <inheritdoc/>
/// </summary>
public sealed record SsdDecoding : DetectionDecoding
{
    /// <summary>The output with the boxes.</summary>
    public required string BoxesOutput { get; init; }

    /// <summary>The output with the scores.</summary>
    public required string ScoresOutput { get; init; }

    /// <summary>The output with the classes' numbers, Single, if the network has already chosen them.</summary>
    /// <value>The default is null: there are scores for all classes.</value>
    public string? ClassesOutput { get; init; }

    /// <summary>The number of the first class in <see cref="ClassesOutput"/>; TensorFlow's models count from 1.</summary>
    /// <value>The default is 1.</value>
    public int FirstClass { get; init; } = 1;

    /// <summary>True if a box is top, left, bottom, right (TensorFlow's order); false if it is left, top, right, bottom.</summary>
    /// <value>The default is true.</value>
    public bool TopFirst { get; init; } = true;

    internal override IReadOnlyList<string?> OutputNames => [BoxesOutput, ScoresOutput, ClassesOutput];

    internal override OutputDecoder Open(OnnxSession session)
    {
        Validate();
        return new SsdDecoder(this, LabelList.Find(Labels, LabelsFile, session.Metadata, session.Source.Name));
    }
}
