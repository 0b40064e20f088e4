using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Scoring.Tasks;
using MLNetExtensions.Training.Losses;
using MLNetExtensions.Training.Targets;

namespace MLNetExtensions.Trainers;

/// <summary>Any number of labels at once.</summary>
internal sealed class MultiLabelTask : LabeledTask
{
    private const string SlotNames = "SlotNames";

    public override string Expected => "Vector<Boolean> or Vector<Single> of known size";

    public override Loss DefaultLoss(ImageTrainerOptions options) => new BinaryCrossEntropy();

    protected override bool AcceptsOwn(Loss loss) => loss is BinaryCrossEntropy or MeanSquaredError;

    public override bool Fits(SchemaShape.Column label) =>
        label.Kind == SchemaShape.Column.VectorKind.Vector
        && (label.ItemType is BooleanDataViewType || label.ItemType == NumberDataViewType.Single)
        && !label.IsKey;

    public override ScoringTask GetScoringTask(SchemaShape.Column label, string predictedLabelColumn)
    {
        bool named = false;
        foreach (SchemaShape.Column annotation in label.Annotations)
            named |= annotation.Name == SlotNames;
        return new MultiLabelScoring(2, named ? ["", ""] : [], predictedLabelColumn);
    }

    public override BoundTask Bind(DataViewSchema.Column label, string predictedLabelColumn)
    {
        int count = ((VectorDataViewType)label.Type).Size;
        string[] names = [];
        if (label.HasSlotNames())
        {
            VBuffer<ReadOnlyMemory<char>> slots = default;
            label.GetSlotNames(ref slots);
            names = [.. slots.DenseValues().Select(name => name.ToString())];
        }
        return new BoundTask(
            count,
            0,
            (labels, _, _) => new MultiLabelTargets(labels.Values, count),
            _ => new MultiLabelScoring(count, names, predictedLabelColumn),
            names
        );
    }
}
