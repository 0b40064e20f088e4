using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Scoring.Tasks;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Targets;

namespace MLNetExtensions.Trainers;

/// <summary>A number.</summary>
internal sealed class RegressionTask : LabeledTask
{
    public override string Expected => "Single";

    public override Loss DefaultLoss(ImageTrainerOptions options) => new MeanSquaredError();

    protected override bool AcceptsOwn(Loss loss) => loss is MeanSquaredError or Huber;

    public override bool Fits(SchemaShape.Column label) =>
        label.Kind == SchemaShape.Column.VectorKind.Scalar && label.ItemType == NumberDataViewType.Single && !label.IsKey;

    public override ScoringTask GetScoringTask(SchemaShape.Column label, string predictedLabelColumn) => new RegressionScoring(0, 1);

    public override BoundTask Bind(DataViewSchema.Column label, string predictedLabelColumn) =>
        new(
            1,
            0,
            (labels, training, _) => new ValueTargets(labels.Values, training),
            targets =>
                targets is ValueTargets values
                    ? new RegressionScoring(values.Mean, values.Deviation)
                    : throw new InvalidOperationException(),
            []
        );
}
