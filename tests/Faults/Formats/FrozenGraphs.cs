using Google.Protobuf;
using MLNetExtensions.TensorFlow.Proto;

namespace MLNetExtensions.Faults.Formats;

/// <summary>Frozen graphs as TensorFlow writes them, of the ops that are imported: small, and made without TensorFlow.</summary>
internal sealed class FrozenGraphs
{
    private const int Float = 1,
        Int32 = 3;

    private readonly GraphDef _graph = new();
    private int _nodes;

    private FrozenGraphs() => Node("Placeholder", [], ("dtype", Type(Float)), ("shape", Shape(-1, 8, 9, 3)));

    public static IReadOnlyList<byte[]> All { get; } = [Convolutions(), Layouts(), Sizes(), Elementwise(), Functions()];

    private static byte[] Convolutions()
    {
        var g = new FrozenGraphs();
        string x = g.Node("Conv2D", ["n0", g.Floats(3, 3, 3, 4)], ("strides", List(1, 2, 2, 1)), ("padding", Text("SAME")));
        x = g.Node("BiasAdd", [x, g.Floats(4)]);
        x = g.Node(
            "FusedBatchNormV3",
            [x, g.Floats(4), g.Floats(4), g.Floats(4), g.Floats(4)],
            ("is_training", new AttrValue { B = false }),
            ("epsilon", new AttrValue { F = 1e-3f })
        );
        x = g.Node("Relu6", [x]);
        string depthwise = g.Node(
            "DepthwiseConv2dNative",
            [x, g.Floats(3, 3, 4, 2)],
            ("strides", List(1, 1, 1, 1)),
            ("padding", Text("SAME")),
            ("dilations", List(1, 2, 2, 1))
        );
        string pooled = g.Node("MaxPool", [x], ("ksize", List(1, 3, 3, 1)), ("strides", List(1, 1, 1, 1)), ("padding", Text("SAME")));
        x = g.Node("ConcatV2", [depthwise, pooled, g.Ints(3)]);
        x = g.Node("LRN", [x], ("depth_radius", new AttrValue { I = 2 }));
        x = g.Node("AvgPool", [x], ("ksize", List(1, 2, 2, 1)), ("strides", List(1, 2, 2, 1)), ("padding", Text("VALID")));
        x = g.Node("Mean", [x, g.Vector(1, 2)]);
        x = g.Node("MatMul", [x, g.Floats(12, 5)]);
        _ = g.Node("Softmax", [g.Node("BiasAdd", [x, g.Floats(5)])]);
        return g.ToBytes();
    }

    private static byte[] Layouts()
    {
        var g = new FrozenGraphs();
        string x = g.Node("Pad", ["n0", g.Ints([4, 2], 0, 0, 1, 1, 2, 2, 0, 0)]);
        x = g.Node("MirrorPad", [x, g.Ints([4, 2], 0, 0, 1, 0, 0, 1, 0, 0)], ("mode", Text("REFLECT")));
        x = g.Node("ResizeBilinear", [x, g.Vector(6, 7)], ("half_pixel_centers", new AttrValue { B = true }));
        x = g.Node("ResizeNearestNeighbor", [x, g.Vector(4, 4)]);
        x = g.Node("Transpose", [x, g.Vector(0, 3, 1, 2)]);
        x = g.Node("Transpose", [x, g.Vector(0, 2, 3, 1)]);
        x = g.Node(
            "StridedSlice",
            [x, g.Vector(0, 1, 0, 0), g.Vector(0, 3, 4, 3), g.Vector(1, 1, 2, 1)],
            ("begin_mask", Int(1)),
            ("end_mask", Int(1))
        );
        x = g.Node("Slice", [x, g.Vector(0, 0, 0, 0), g.Vector(-1, 2, 2, 3)]);
        string split = g.Node("Split", [g.Ints(3), x], ("num_split", Int(3)));
        x = g.Node("ConcatV2", [split, split + ":1", split + ":2", g.Ints(-1)]);
        x = g.Node("SplitV", [x, g.Vector(1, 1), g.Ints(1)], ("num_split", Int(2)));
        x = g.Node("Squeeze", [x], ("squeeze_dims", List(1)));
        x = g.Node("ExpandDims", [x, g.Ints(1)]);
        x = g.Node("Max", [x, g.Vector(1)], ("keep_dims", new AttrValue { B = true }));
        x = g.Node("BatchMatMulV2", [x, g.Floats(3, 4)]);
        _ = g.Node("Sum", [x, g.Vector(-1)]);
        return g.ToBytes();
    }

    private static byte[] Sizes()
    {
        var g = new FrozenGraphs();
        string shape = g.Node("Shape", ["n0"]);
        string batch = g.Node("StridedSlice", [shape, g.Vector(0), g.Vector(1), g.Vector(1)], ("shrink_axis_mask", Int(1)));
        string rest = g.Node("Prod", [g.Node("StridedSlice", [shape, g.Vector(1), g.Vector(4), g.Vector(1)])]);
        string twice = g.Node("Mul", [g.Node("FloorDiv", [rest, g.Ints(2)]), g.Ints(2)]);
        string target = g.Node("Pack", [batch, g.Node("Maximum", [twice, g.Ints(1)])]);
        string x = g.Node("Reshape", ["n0", target]);
        x = g.Node(
            "Add",
            [
                x,
                g.Node(
                    "BroadcastTo",
                    [g.Floats(1, 1), g.Node("ConcatV2", [g.Node("ExpandDims", [batch, g.Ints(0)]), g.Vector(216), g.Ints(0)])]
                ),
            ]
        );
        x = g.Node("Reshape", [x, g.Vector(-1, 8, 27)]);
        _ = g.Node("Identity", [g.Node("Cast", [x], ("DstT", Type(Int32)))]);
        return g.ToBytes();
    }

    private static byte[] Elementwise()
    {
        var g = new FrozenGraphs();
        string x = "n0";
        foreach (string op in new[] { "Sub", "Mul", "RealDiv", "Maximum", "Minimum", "SquaredDifference", "Pow", "AddV2" })
            x = g.Node(op, [x, g.Floats(9, 1)]);
        foreach (string op in new[] { "Relu", "Sigmoid", "LeakyRelu", "Rsqrt", "Square", "Softplus", "Identity", "StopGradient" })
            x = g.Node(op, [x]);
        x = g.Node("ClipByValue", [x, g.Floats(), g.Floats()]);
        _ = g.Node("AddN", [x, x, x]);
        return g.ToBytes();
    }

    private static byte[] Functions()
    {
        var g = new FrozenGraphs();
        var function = new FunctionDef { Signature = new OpDef { Name = "inner" } };
        function.Signature.InputArg.Add(new OpDef.Types.ArgDef { Name = "x", Type = Float });
        function.Signature.OutputArg.Add(new OpDef.Types.ArgDef { Name = "y", Type = Float });
        function.NodeDef.Add(
            new NodeDef
            {
                Name = "soft",
                Op = "Softmax",
                Input = { "x" },
            }
        );
        function.Ret["y"] = "soft:softmax:0";
        g._graph.Library = new FunctionDefLibrary { Function = { function } };
        string x = g.Node("PartitionedCall", ["n0"], ("f", new AttrValue { Func = new NameAttrList { Name = "inner" } }));
        _ = g.Node("Identity", [g.Node("inner", [x])]);
        return g.ToBytes();
    }

    private byte[] ToBytes() => _graph.ToByteArray();

    private string Floats(params long[] shape)
    {
        var tensor = new TensorProto { Dtype = Float, TensorShape = Shape(shape).Shape };
        long count = shape.Aggregate(1L, (product, size) => product * size);
        tensor.TensorContent = ByteString.CopyFrom(
            System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(Enumerable.Range(0, (int)count).Select(i => i * 0.25f).ToArray())
        );
        return Node("Const", [], ("dtype", Type(Float)), ("value", new AttrValue { Tensor = tensor }));
    }

    private string Ints(int value) => Ints([], value);

    private string Vector(params int[] values) => Ints([values.Length], values);

    private string Ints(long[] shape, params int[] values) =>
        Node(
            "Const",
            [],
            ("dtype", Type(Int32)),
            (
                "value",
                new AttrValue
                {
                    Tensor = new TensorProto
                    {
                        Dtype = Int32,
                        TensorShape = Shape(shape).Shape,
                        IntVal = { values },
                    },
                }
            )
        );

    private string Node(string op, string[] inputs, params (string Name, AttrValue Value)[] attributes)
    {
        var node = new NodeDef { Name = $"n{_nodes++}", Op = op };
        node.Input.AddRange(inputs);
        foreach ((string name, AttrValue value) in attributes)
            node.Attr[name] = value;
        _graph.Node.Add(node);
        return node.Name;
    }

    private static AttrValue Type(int number) => new() { Type = number };

    private static AttrValue Int(long value) => new() { I = value };

    private static AttrValue Text(string value) => new() { S = ByteString.CopyFromUtf8(value) };

    private static AttrValue List(params long[] values)
    {
        var list = new AttrValue.Types.ListValue();
        list.I.AddRange(values);
        return new AttrValue { List = list };
    }

    private static AttrValue Shape(params long[] sizes)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(sizes.Select(size => new TensorShapeProto.Types.Dim { Size = size }));
        return new AttrValue { Shape = shape };
    }
}
