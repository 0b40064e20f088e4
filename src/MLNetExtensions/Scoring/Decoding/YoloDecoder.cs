using Microsoft.ML.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Scoring.Sessions;

namespace MLNetExtensions.Scoring.Decoding;

/// <summary>Objects of a YOLO network's output.</summary>
internal sealed class YoloDecoder(YoloDecoding settings, string output, IReadOnlyList<string>? names, YoloExport export)
    : DetectionDecoder(settings, names)
{
    public override IReadOnlyList<string> OutputNames { get; } = [output];

    private protected override DetectionRule Rule(ScoringPlan plan, int first, ImagePreprocessing image)
    {
        PlannedOutput planned = plan.Outputs[first];
        // Where a row's sizes are left open, the model states some of them.
        long[] sizes = planned.ColumnShape?.Select(size => (long)size).ToArray() ?? [.. planned.Spec.Sizes.Skip(1)];
        if (planned.Spec.Kind.ItemType != NumberDataViewType.Single || sizes is not [var rows, var columns])
            throw Misfit(planned, $"YOLO's boxes. {YoloShape.Known}");
        YoloShape shape =
            YoloShape.Find(rows, columns, settings.Layout, export, (image.Width, image.Height))
            ?? throw Misfit(
                planned,
                $"YOLO's boxes as this library knows them{export.Description}. {YoloShape.Known} Set YoloDecoding.Layout and Labels "
                    + $"where the shape does not tell"
            );
        return Rule(shape.Layout, shape.Classes) with { Extra = shape.Extra };
    }
}
