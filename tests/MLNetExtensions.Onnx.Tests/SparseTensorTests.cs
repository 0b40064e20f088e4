using Google.Protobuf;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Proto;
using MLNetExtensions.Onnx.Tensors;
using Xunit;

namespace MLNetExtensions.Onnx.Tests;

public sealed class SparseTensorTests
{
    [Theory]
    [InlineData(new long[] { 2 }, new long[] { 1, 5 })]
    [InlineData(new long[] { 2, 2 }, new long[] { 0, 1, 1, 2 })]
    public void Sparse_initializers_are_read_as_dense_ones(long[] indexShape, long[] indices)
    {
        OnnxGraph graph = Read(Sparse([2, 3], indexShape, indices));
        Assert.Equal(["w"], graph.Initializers.Keys);
        Assert.Equal([2L, 3], graph.Initializers["w"].Shape);
        Assert.Equal([0f, 7, 0, 0, 0, 8], graph.Initializers["w"].ToFloats());
    }

    [Fact]
    public void A_sparse_constant_is_read_as_a_dense_one()
    {
        var attribute = new AttributeProto
        {
            Name = "sparse_value",
            Type = AttributeProto.Types.AttributeType.SparseTensor,
            SparseTensor = Sparse([6], [2], [1, 5]),
        };
        OnnxNode node = OnnxNode.Create("Constant", [], ["c"], new OnnxAttribute(attribute));
        Assert.Equal([0f, 7, 0, 0, 0, 8], ConstantNode.Read(node).ToFloats());
    }

    [Theory]
    [InlineData(new long[] { 2, 3 }, new long[] { 2 }, new long[] { 1, 6 }, "value 1 stands outside")]
    [InlineData(new long[] { 2, 3 }, new long[] { 2, 2 }, new long[] { 0, 3, 1, 2 }, "value 0 stands outside")]
    [InlineData(new long[] { 2, 3 }, new long[] { 2 }, new long[] { -1, 5 }, "value 0 stands outside")]
    [InlineData(new long[] { 2, 3 }, new long[] { 1 }, new long[] { 1 }, "expected Int64[2] or [2,2]")]
    [InlineData(new long[] { 1 << 20, 1 << 20 }, new long[] { 2 }, new long[] { 1, 5 }, "over 2 GB")]
    [InlineData(new long[] { 2, -3 }, new long[] { 2 }, new long[] { 1, 5 }, "negative size")]
    public void What_does_not_fit_together_is_an_error(long[] shape, long[] indexShape, long[] indices, string message)
    {
        OnnxFormatException error = Assert.Throws<OnnxFormatException>(() => Read(Sparse(shape, indexShape, indices)));
        Assert.Contains(message, error.Message);
        Assert.Contains("'w'", error.Message);
    }

    private static SparseTensorProto Sparse(long[] shape, long[] indexShape, long[] indices)
    {
        var sparse = new SparseTensorProto
        {
            Values = OnnxWriter.WriteTensor(OnnxTensor.FromFloats("w", [2], [7, 8])),
            Indices = OnnxWriter.WriteTensor(OnnxTensor.FromInt64s("", indexShape, indices)),
        };
        sparse.Dims.AddRange(shape);
        return sparse;
    }

    private static OnnxGraph Read(SparseTensorProto sparse)
    {
        var model = new ModelProto
        {
            IrVersion = 8,
            Graph = new GraphProto { Name = "g", Output = { new ValueInfoProto { Name = sparse.Values.Name } } },
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        model.Graph.SparseInitializer.Add(sparse);
        return OnnxGraph.Load(new MemoryStream(model.ToByteArray()));
    }
}
