using Microsoft.ML.Data;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Tensors;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.Tensors;

public sealed class VectorReaderTests
{
    [Fact]
    public void Sparse_vectors_are_filled_up()
    {
        var reader = new VectorReader<float>((ref VBuffer<float> value) => value = new VBuffer<float>(5, 2, [7f, 9f], [1, 4]));
        TensorBuffer buffer = TensorKind.Of(OnnxElementType.Float)!.NewBuffer();
        buffer.Resize(6);
        buffer.Clear(0, 6);

        Assert.Equal(5, reader.Read());
        reader.CopyTo(buffer, 1);

        Assert.Equal([0f, 0, 7, 0, 0, 9], ((TensorBuffer<float>)buffer).Items.ToArray());
        Assert.False(reader.IsMissing);
    }

    [Fact]
    public void A_vector_without_values_is_missing()
    {
        var reader = new VectorReader<float>((ref VBuffer<float> value) => value = new VBuffer<float>(5, 0, [], []));

        Assert.Equal(5, reader.Read());

        Assert.True(reader.IsMissing);
    }

    [Fact]
    public void The_array_that_the_column_filled_is_given_away()
    {
        int reads = 0;
        var reader = new VectorReader<float>(
            (ref VBuffer<float> value) =>
            {
                VBufferEditor<float> editor = VBufferEditor.Create(ref value, 3);
                editor.Values.Fill(++reads);
                value = editor.Commit();
            }
        );
        var buffer = (TensorBuffer<float>)TensorKind.Of(OnnxElementType.Float)!.NewBuffer();
        buffer.Resize(3);
        object first = buffer.Storage;

        reader.Read();
        reader.CopyTo(buffer, 0); // the column's own array: copied, and room for the next made
        Assert.Same(first, buffer.Storage);
        reader.Read();
        reader.CopyTo(buffer, 0);

        Assert.NotSame(first, buffer.Storage);
        Assert.Equal([2f, 2, 2], buffer.Items.ToArray());
        reader.Read();
        Assert.Equal([2f, 2, 2], buffer.Items.ToArray()); // what was given away is not written again
        reader.CopyTo(buffer, 0);
        Assert.Equal([3f, 3, 3], buffer.Items.ToArray());
    }
}
