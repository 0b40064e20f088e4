using Google.Protobuf;
using MLNetExtensions.TensorFlow.Proto;
using MLNetExtensions.TestData;
using Xunit;

namespace MLNetExtensions.TensorFlow.Tests.Interchange;

/// <summary>Frozen graphs that ask for more than they hold. TensorFlow's library is not needed.</summary>
public sealed class HostileGraphTests : IDisposable
{
    private const int Float = 1,
        Int32 = 3;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_constant_of_one_number_repeated_without_measure_is_refused()
    {
        string message = Refused(Placeholder(), Constant("w", Float, [512, 1 << 20]), Node("MatMul", "y", ["x", "w"]));

        Assert.Contains("graph.pb", message, StringComparison.Ordinal);
        Assert.Contains("'w'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_an_error_of_the_import()
    {
        string message = Refused(Placeholder(), Constant("w", Float, [7, 2]), Node("MatMul", "y", ["x", "w"]));

        Assert.Contains("graph.pb", message, StringComparison.Ordinal);
        Assert.Contains("MatMul 'y'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_split_into_parts_without_number_is_refused()
    {
        NodeDef split = Node("Split", "s", ["axis", "x"]);
        split.Attr["num_split"] = new AttrValue { I = 1L << 40 };

        Assert.Contains(
            "Split 's'",
            Refused(Placeholder(), Constant("axis", Int32, []), split, Node("Softmax", "y", ["s"])),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_slice_of_a_huge_dimension_ends()
    {
        NodeDef input = Placeholder();
        input.Attr["shape"].Shape.Dim[1].Size = 1L << 39;
        NodeDef slice = Node("Slice", "s", ["x", "begin", "size"]);

        Task<string> import = Task.Run(() =>
            Refused(input, Constant("begin", Int32, [2]), Constant("size", Int32, [2], 1, 1L << 30), slice, Node("NotImported", "y", ["s"]))
        );

        // It must not count each place.
        Assert.NotEmpty(await import.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    private string Refused(params NodeDef[] nodes)
    {
        string path = Path.Combine(_folder.Path, "graph.pb");
        File.WriteAllBytes(path, new GraphDef { Node = { nodes } }.ToByteArray());
        return Assert.Throws<TensorFlowFormatException>(() => TensorFlowModel.ReadFrozenGraph(path)).Message;
    }

    private static NodeDef Placeholder()
    {
        NodeDef node = Node("Placeholder", "x", []);
        node.Attr["dtype"] = new AttrValue { Type = Float };
        node.Attr["shape"] = new AttrValue { Shape = Shape(-1, 8) };
        return node;
    }

    private static NodeDef Constant(string name, int type, long[] shape, params long[] values)
    {
        var tensor = new TensorProto { Dtype = type, TensorShape = Shape(shape) };
        tensor.IntVal.AddRange(values.Select(v => (int)v));
        NodeDef node = Node("Const", name, []);
        node.Attr["dtype"] = new AttrValue { Type = type };
        node.Attr["value"] = new AttrValue { Tensor = tensor };
        return node;
    }

    private static NodeDef Node(string op, string name, string[] inputs) =>
        new()
        {
            Op = op,
            Name = name,
            Input = { inputs },
        };

    private static TensorShapeProto Shape(params long[] sizes)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(sizes.Select(size => new TensorShapeProto.Types.Dim { Size = size }));
        return shape;
    }
}
