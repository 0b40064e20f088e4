using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Imaging.Augmentations;

namespace MLNetExtensions.Trainers.Augmenting;

/// <summary>
/// The annotation by which a column says how its images are augmented in training. The values of the column are not touched: only trainers
/// look at it, so PredictionEngine, Transform and CrossValidate see the images as they are.
/// </summary>
internal static class AugmentationMark
{
    private const string Kind = "MLNetExtensions.Augmentation";

    /// <summary>The augmentation that a column is marked with, or null.</summary>
    public static Augmentation? Of(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(Kind) is null)
            return null;
        Augmentation? policy = null;
        column.Annotations.GetValue(Kind, ref policy);
        return policy;
    }

    /// <summary>A schema whose column is marked; everything else stays, in the same order.</summary>
    public static DataViewSchema Add(DataViewSchema schema, string columnName, Augmentation policy)
    {
        int marked = schema[columnName].Index;
        var builder = new DataViewSchema.Builder();
        foreach (DataViewSchema.Column column in schema)
            builder.AddColumn(column.Name, column.Type, column.Index == marked ? Marked(column.Annotations, policy) : column.Annotations);
        return builder.ToSchema();
    }

    private static DataViewSchema.Annotations Marked(DataViewSchema.Annotations annotations, Augmentation policy)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(annotations, name => name != Kind);
        builder.Add(Kind, new PolicyType(), (ref Augmentation value) => value = policy);
        return builder.ToAnnotations();
    }

    private sealed class PolicyType() : StructuredDataViewType(typeof(Augmentation))
    {
        public override bool Equals(DataViewType? other) => other is PolicyType;

        public override int GetHashCode() => typeof(PolicyType).GetHashCode();

        public override string ToString() => "Augmentation";
    }
}
