using Microsoft.ML;
using MLNetExtensions.Backbones.Exported;
using MLNetExtensions.Data.Schema;
using MLNetExtensions.Scoring;
using MLNetExtensions.Scoring.Tasks;
using MLNetExtensions.Training.Losses;

namespace MLNetExtensions.Trainers;

/// <summary>
/// The requirements of a task on its label column, and the targets, loss and meaning of outputs that follow. One kind for each
/// <see cref="ImageTask"/>.
/// </summary>
internal abstract class LabeledTask
{
    /// <summary>Finds a task.</summary>
    public static LabeledTask Of(ImageTask task) =>
        task switch
        {
            ImageTask.MultiLabel => new MultiLabelTask(),
            ImageTask.Regression => new RegressionTask(),
            ImageTask.Ordinal => new OrdinalTask(),
            _ => new ClassificationTask(),
        };

    /// <summary>True if rows have classes, which splits and samples can balance.</summary>
    public virtual bool HasClasses => false;

    /// <summary>The loss where the options name none.</summary>
    public abstract Loss DefaultLoss(ImageTrainerOptions options);

    /// <summary>True if a loss fits the task.</summary>
    public bool Accepts(Loss loss) => loss is OnnxLoss own ? HasClasses || !own.TakesClasses : AcceptsOwn(loss);

    /// <summary>True if one of the library's losses fits the task.</summary>
    protected abstract bool AcceptsOwn(Loss loss);

    /// <summary>The label's type in words, for messages.</summary>
    public abstract string Expected { get; }

    /// <summary>True if a label column of this shape fits the task.</summary>
    public abstract bool Fits(SchemaShape.Column label);

    /// <summary>The task with what a shape tells of its label column; numbers and names are made up.</summary>
    public abstract ScoringTask GetScoringTask(SchemaShape.Column label, string predictedLabelColumn);

    /// <summary>The task of a label column.</summary>
    /// <exception cref="ArgumentException">The column does not serve.</exception>
    /// <exception cref="InvalidOperationException">There is nothing to learn from such a label.</exception>
    public abstract BoundTask Bind(DataViewSchema.Column label, string predictedLabelColumn);

    /// <summary>Checks a schema's shape and adds the output columns.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The image or the label column is missing or of another type.</exception>
    public SchemaShape AddColumns(SchemaShape input, ImageTrainerOptions options)
    {
        ImageColumn.Check(input, options.ImageColumnName);
        string name = options.LabelColumnName;
        SchemaShape.Column label = SchemaShapes.Find(input, name) ?? throw MissingColumn.In(input, "label", name, parameter: nameof(input));
        if (!Fits(label))
            throw new ArgumentOutOfRangeException(
                nameof(input),
                $"Schema mismatch for label column '{name}': expected {Expected}, got {Describe(label)}"
            );
        var added = new DataViewSchema.Builder();
        DataViewSchema none = new DataViewSchema.Builder().ToSchema();
        foreach (
            OutputColumn column in GetScoringTask(label, options.PredictedLabelColumnName)
                .Columns(none, new ScoringNames(options.ScoreColumnName))
        )
            added.AddColumn(column.Name, column.Type, column.Annotations);
        return SchemaShapes.Add(input, added.ToSchema());
    }

    private static string Describe(SchemaShape.Column column) =>
        column.Kind == SchemaShape.Column.VectorKind.Scalar
            ? column.IsKey
                ? $"Key<{column.ItemType}>"
                : $"{column.ItemType}"
            : $"Vector<{column.ItemType}>{(column.Kind == SchemaShape.Column.VectorKind.VariableVector ? " of unknown size" : "")}";
}
