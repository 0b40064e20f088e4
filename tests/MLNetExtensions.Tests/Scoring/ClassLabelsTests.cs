using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;
using Xunit;

namespace MLNetExtensions.Tests.Scoring;

public class ClassLabelsTests
{
    [Fact]
    public void Text_keys_are_their_own_texts()
    {
        ClassLabels labels = ClassLabels.Of(Key<ReadOnlyMemory<char>>(TextDataViewType.Instance, "b".AsMemory(), "a".AsMemory()));

        Assert.Equal(2, labels.Count);
        Assert.Equal(["b", "a"], labels.Names);
        Assert.Equal(["b", "a"], labels.Texts);
    }

    [Fact]
    public void Numbers_are_written_the_same_everywhere()
    {
        ClassLabels labels = ClassLabels.Of(Key(NumberDataViewType.Single, 0.5f, 1000));

        Assert.Equal(["0.5", "1000"], labels.Texts);
    }

    [Fact]
    public void Names_that_cannot_serve_become_numbers()
    {
        ClassLabels labels = ClassLabels.Of(Key<ReadOnlyMemory<char>>(TextDataViewType.Instance, "a".AsMemory(), "".AsMemory()));

        Assert.Equal(["a", ""], labels.Names);
        Assert.Equal(["0", "1"], labels.Texts);
    }

    [Fact]
    public void Keys_without_values_are_numbered()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Label", new KeyDataViewType(typeof(uint), 3));
        ClassLabels labels = ClassLabels.Of(builder.ToSchema()["Label"]);

        Assert.Null(labels.Names);
        Assert.Equal(["0", "1", "2"], labels.Texts);
    }

    [Fact]
    public void Other_columns_are_no_labels()
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Label", TextDataViewType.Instance);

        var error = Assert.Throws<ArgumentException>(() => ClassLabels.Of(builder.ToSchema()["Label"]));

        Assert.Contains("MapValueToKey", error.Message, StringComparison.Ordinal);
    }

    private static DataViewSchema.Column Key<T>(PrimitiveDataViewType type, params T[] values)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(
            "KeyValues",
            new VectorDataViewType(type, values.Length),
            (ref VBuffer<T> target) => target = new VBuffer<T>(values.Length, values)
        );
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Label", new KeyDataViewType(typeof(uint), (ulong)values.Length), annotations.ToAnnotations());
        return builder.ToSchema()["Label"];
    }
}
