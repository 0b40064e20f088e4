using Microsoft.ML.Data;
using MLNetExtensions.Imaging;
using MLNetExtensions.Scoring.Sessions;

namespace MLNetExtensions.Scoring.Decoding;

/// <summary>Objects of an SSD network's outputs.</summary>
internal sealed class SsdDecoder(SsdDecoding settings, IReadOnlyList<string>? names) : DetectionDecoder(settings, names)
{
    // Where nobody says how many classes there are: as many as COCO's numbers go to.
    private const int MaxClasses = 100;

    public override IReadOnlyList<string> OutputNames { get; } =
        settings.ClassesOutput is null
            ? [settings.BoxesOutput, settings.ScoresOutput]
            : [settings.BoxesOutput, settings.ScoresOutput, settings.ClassesOutput];

    private protected override DetectionRule Rule(ScoringPlan plan, int first, ImagePreprocessing image)
    {
        for (int i = 0; i < OutputNames.Count; i++)
            if (plan.Outputs[first + i].Spec.Kind.ItemType != NumberDataViewType.Single)
                throw Misfit(plan.Outputs[first + i], "numbers of type Float");
        if (plan.Outputs[first].ColumnShape is not [.., 4])
            throw Misfit(plan.Outputs[first], "boxes, Float [batch, boxes, 4]");
        DetectionRule rule;
        if (settings.ClassesOutput is not null)
            rule = Rule(DetectionLayout.SsdClasses, NamedClasses ?? MaxClasses);
        else if (plan.Outputs[first + 1].ColumnShape is [_, > 1 and int scores])
            rule = Rule(DetectionLayout.SsdScores, scores - 1);
        else
            throw Misfit(plan.Outputs[first + 1], "scores, Float [batch, boxes, classes]");
        return rule with { FirstClass = settings.FirstClass, TopFirst = settings.TopFirst };
    }
}
