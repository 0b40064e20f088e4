using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using MLNetExtensions.Onnx;
using MLNetExtensions.Scoring.Tensors;
using Xunit;

namespace MLNetExtensions.Tests.Scoring.Tensors;

/// <summary>The elements of an input or output, of every type that ONNX and ML.NET both have.</summary>
public sealed class TensorBufferTests
{
    public static TheoryData<OnnxElementType> Numbers =>
        [
            OnnxElementType.Float,
            OnnxElementType.Double,
            OnnxElementType.Float16,
            OnnxElementType.Int8,
            OnnxElementType.Int16,
            OnnxElementType.Int32,
            OnnxElementType.Int64,
            OnnxElementType.UInt8,
            OnnxElementType.UInt16,
            OnnxElementType.UInt32,
            OnnxElementType.UInt64,
        ];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Elements_go_into_a_tensor_and_come_back(OnnxElementType type)
    {
        TensorBuffer buffer = Of(type, 3, 1, 2),
            back = TensorKind.Of(type)!.NewBuffer();
        using OrtValue value = buffer.ToOrtValue([3]);
        Assert.Equal((int)type, (int)value.GetTensorTypeAndShape().ElementDataType);

        back.Take(value);

        Assert.Equal([3d, 1, 2], Values(back));
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Missing_elements_are_zero_where_there_is_no_NaN(OnnxElementType type)
    {
        TensorBuffer buffer = Of(type, 3, 1, 2);
        bool hasNaN = type is OnnxElementType.Float or OnnxElementType.Double or OnnxElementType.Float16;

        buffer.Clear(1, 1, isMissing: true);
        buffer.Clear(2, 1);

        Assert.Equal([3, hasNaN ? double.NaN : 0, 0], Values(buffer));
    }

    [Fact]
    public void Texts_and_truths_have_buffers_too()
    {
        TensorBuffer truths = TensorKind.Of(OnnxElementType.Bool)!.NewBuffer(),
            texts = TensorKind.Of(OnnxElementType.String)!.NewBuffer();
        truths.Resize(2);
        truths.SetSamples(0, [1, -1]);
        texts.Resize(2);
        ((TensorBuffer<ReadOnlyMemory<char>>)texts).Items[0] = "one".AsMemory();
        texts.Clear(1, 1);
        using OrtValue value = texts.ToOrtValue([2]);

        texts.Take(value);

        Assert.Equal([1d, 0], Values(truths));
        Assert.Equal("one", ((TensorBuffer<ReadOnlyMemory<char>>)texts).Items[0].ToString());
        Assert.Equal("", ((TensorBuffer<ReadOnlyMemory<char>>)texts).Items[1].ToString());
        Assert.False(texts.IsWritable);
        Assert.True(truths.IsWritable);
    }

    [Theory]
    [InlineData(OnnxElementType.BFloat16)]
    [InlineData(OnnxElementType.Undefined)]
    public void Other_types_have_none(OnnxElementType type) => Assert.Null(TensorKind.Of(type));

    [Fact]
    public void Columns_have_the_outputs_shape()
    {
        TensorKind kind = TensorKind.Of(OnnxElementType.Int32)!;
        var none = new Microsoft.ML.DataViewSchema.Annotations.Builder().ToAnnotations();

        Assert.Equal(NumberDataViewType.Int32, kind.NewColumn("y", 0, [], none).Type);
        Assert.Equal([2, 3], ((VectorDataViewType)kind.NewColumn("y", 0, [2, 3], none).Type).Dimensions);
        Assert.False(((VectorDataViewType)kind.NewColumn("y", 0, shape: null, none).Type).IsKnownSize);
    }

    [Fact]
    public void A_batch_that_is_no_first_dimension_is_permuted_and_back()
    {
        // Two rows of [outer 3][inner 2]: row * 100 + outer * 10 + inner.
        TensorBuffer buffer = Of(OnnxElementType.Int32, 0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121);

        buffer.Permute(outer: 3, rows: 2, intoTensor: true);
        Assert.Equal([0d, 1, 100, 101, 10, 11, 110, 111, 20, 21, 120, 121], Values(buffer));

        buffer.Permute(outer: 3, rows: 2, intoTensor: false);
        Assert.Equal([0d, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121], Values(buffer));
    }

    [Fact]
    public void Elements_are_copied_and_cut_off()
    {
        TensorBuffer buffer = Of(OnnxElementType.Float, 1, 2, 3, 4);

        buffer.Copy(from: 1, to: 2, count: 2);
        buffer.Trim(3);
        buffer.Trim(100);

        Assert.Equal([1d, 2, 2], Values(buffer));
    }

    [Fact]
    public void More_than_an_array_holds_is_refused() =>
        Assert.Contains(
            "Set BatchSize to fewer rows",
            Assert.Throws<InvalidOperationException>(() => TensorKind.Of(OnnxElementType.Float)!.NewBuffer().Resize(1L << 33)).Message,
            StringComparison.Ordinal
        );

    private static TensorBuffer Of(OnnxElementType type, params double[] values)
    {
        TensorBuffer buffer = TensorKind.Of(type)!.NewBuffer();
        buffer.Resize(values.Length);
        Fill<float>(buffer, values);
        Fill<double>(buffer, values);
        Fill<sbyte>(buffer, values);
        Fill<byte>(buffer, values);
        Fill<short>(buffer, values);
        Fill<ushort>(buffer, values);
        Fill<int>(buffer, values);
        Fill<uint>(buffer, values);
        Fill<long>(buffer, values);
        Fill<ulong>(buffer, values);
        return buffer;
    }

    private static void Fill<T>(TensorBuffer buffer, double[] values)
        where T : INumberBase<T>
    {
        if (buffer is TensorBuffer<T> typed)
            values.Select(T.CreateChecked).ToArray().CopyTo(typed.Items);
    }

    private static IEnumerable<double> Values(TensorBuffer buffer) => [.. Enumerable.Range(0, buffer.Length).Select(buffer.NumberAt)];
}
