using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Scoring.Sessions;

namespace MLNetExtensions.Scoring.Decoding;

/// <summary>Decodes the objects of YOLO networks: one output, boxes in pixels of the network's input. <inheritdoc/></summary>
public sealed record YoloDecoding : DetectionDecoding
{
    /// <summary>The output.</summary>
    /// <value>The default is null: the model's first output.</value>
    public string? Output { get; init; }

    /// <summary>The layout of the output.</summary>
    /// <value>The default is <see cref="YoloLayout.Auto"/>.</value>
    public YoloLayout Layout { get; init; }

    internal override IReadOnlyList<string?> OutputNames => [Output];

    internal override OutputDecoder Open(OnnxSession session)
    {
        Validate();
        string output = Output ?? session.OutputSpecs[0].Name;
        IReadOnlyList<string>? names = LabelList.Find(Labels, LabelsFile, session.Metadata, session.Source.Name);
        return new YoloDecoder(this, output, names, YoloExport.Of(session, output, names?.Count));
    }
}
