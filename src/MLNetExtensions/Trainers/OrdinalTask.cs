using Microsoft.ML;
using MLNetExtensions.Data;
using MLNetExtensions.Scoring.Tasks;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Targets;

namespace MLNetExtensions.Trainers;

/// <summary>One of several levels in an order.</summary>
internal sealed class OrdinalTask : ClassificationTask
{
    public override Loss DefaultLoss(ImageTrainerOptions options) => new Ordinal();

    protected override bool AcceptsOwn(Loss loss) => loss is Ordinal;

    public override ScoringTask GetScoringTask(SchemaShape.Column label, string predictedLabelColumn) =>
        new OrdinalScoring(ClassLabels.Like(label), predictedLabelColumn);

    public override BoundTask Bind(DataViewSchema.Column label, string predictedLabelColumn)
    {
        ClassLabels levels = Classes(label);
        return new BoundTask(
            levels.Count - 1,
            levels.Count,
            (labels, _, _) => new OrdinalTargets(labels.Classes, levels.Count),
            _ => new OrdinalScoring(levels, predictedLabelColumn),
            levels.Texts
        );
    }
}
