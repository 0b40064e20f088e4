using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data.Schema;
using Xunit;

namespace MLNetExtensions.Tests.Data.Schema;

public class SchemaShapesTests
{
    [Fact]
    public void Of_keeps_kinds_types_and_annotations()
    {
        SchemaShape shape = SchemaShapes.Of(Schema("Score", new VectorDataViewType(NumberDataViewType.Single, 3), slotNames: true));

        SchemaShape.Column column = Assert.NotNull(SchemaShapes.Find(shape, "Score"));
        Assert.Equal(SchemaShape.Column.VectorKind.Vector, column.Kind);
        Assert.Equal(NumberDataViewType.Single, column.ItemType);
        Assert.False(column.IsKey);
        Assert.Contains(column.Annotations, a => a.Name == "SlotNames");
    }

    [Fact]
    public void Of_knows_keys()
    {
        SchemaShape shape = SchemaShapes.Of(Schema("Label", new KeyDataViewType(typeof(uint), 4)));

        SchemaShape.Column column = Assert.NotNull(SchemaShapes.Find(shape, "Label"));
        Assert.True(column.IsKey);
        Assert.Equal(NumberDataViewType.UInt32, column.ItemType);
    }

    [Fact]
    public void Add_replaces_columns_of_the_same_name()
    {
        SchemaShape shape = SchemaShapes.Of(Schema("Score", TextDataViewType.Instance));

        SchemaShape added = SchemaShapes.Add(shape, Schema("Score", NumberDataViewType.Single));

        Assert.Equal(NumberDataViewType.Single, Assert.Single(added).ItemType);
        Assert.Null(SchemaShapes.Find(added, "Label"));
    }

    private static DataViewSchema Schema(string name, DataViewType type, bool slotNames = false)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        if (slotNames)
            annotations.Add(
                "SlotNames",
                new VectorDataViewType(TextDataViewType.Instance, 3),
                (ref VBuffer<ReadOnlyMemory<char>> value) =>
                    value = new VBuffer<ReadOnlyMemory<char>>(3, ["a".AsMemory(), "b".AsMemory(), "c".AsMemory()])
            );
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(name, type, annotations.ToAnnotations());
        return builder.ToSchema();
    }
}
