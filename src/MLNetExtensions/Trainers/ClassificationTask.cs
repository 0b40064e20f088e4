using Microsoft.ML;
using MLNetExtensions.Data;
using MLNetExtensions.Scoring.Tasks;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Targets;

namespace MLNetExtensions.Trainers;

/// <summary>One of several classes.</summary>
internal class ClassificationTask : LabeledTask
{
    public override bool HasClasses => true;

    public override string Expected => "Key (as MapValueToKey makes)";

    public override Loss DefaultLoss(ImageTrainerOptions options) => new CrossEntropy(options.LabelSmoothing);

    protected override bool AcceptsOwn(Loss loss) => loss is ClassificationLoss and not Ordinal && loss.TargetWidth(7) == 7;

    public override bool Fits(SchemaShape.Column label) => label.IsKey && label.Kind == SchemaShape.Column.VectorKind.Scalar;

    public override ScoringTask GetScoringTask(SchemaShape.Column label, string predictedLabelColumn) =>
        new ClassificationScoring(ClassLabels.Like(label), predictedLabelColumn);

    public override BoundTask Bind(DataViewSchema.Column label, string predictedLabelColumn)
    {
        ClassLabels classes = Classes(label);
        return new BoundTask(
            classes.Count,
            classes.Count,
            (labels, _, loss) => new ClassTargets(labels.Classes, classes.Count, loss as ClassificationLoss ?? new CrossEntropy()),
            _ => new ClassificationScoring(classes, predictedLabelColumn),
            classes.Texts
        );
    }

    private protected static ClassLabels Classes(DataViewSchema.Column label)
    {
        ClassLabels classes = ClassLabels.Of(label);
        return classes.Count >= 2
            ? classes
            : throw new InvalidOperationException($"Column '{label.Name}' has {classes.Count} class; a classifier needs at least two.");
    }
}
