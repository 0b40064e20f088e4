using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Proto;

namespace MLNetExtensions.TestData;

/// <summary>
/// Small image networks as tools write them who have training not in mind: quantized, fused, of functions, of half precision, for one
/// image. Random weights.
/// </summary>
internal static class UnusualBackbones
{
    /// <summary>Networks that ONNX Runtime runs and training does not: only the head is trained on them.</summary>
    public static readonly string[] Opaque =
    [
        "dynamically quantized",
        "quantized operators",
        "quantized features",
        "fused operators",
        "newest operators",
        "half precision",
    ];

    /// <summary>Networks for one image, or that only seem to take any number, which can be made to.</summary>
    public static readonly string[] ForOneImage =
    [
        "channel shuffle",
        "tokens",
        "sizes",
        "flattened to one",
        "computed shape",
        "linear tokens",
    ];

    /// <summary>Networks that can be trained.</summary>
    public static readonly string[] Plain = ["functions", "newest opset", "branches", "grid sample", "mean and variance"];

    public static OnnxGraph Create(string kind)
    {
        var graph = new Builder();
        switch (kind)
        {
            case "dynamically quantized":
                DynamicallyQuantized(graph);
                break;
            case "quantized operators":
                Quantized(graph);
                graph.Node("DequantizeLinear", ["q2", "scale2", "zero"], "r");
                graph.Head("r");
                break;
            case "quantized features":
                Quantized(graph);
                graph.Node("QLinearGlobalAveragePool", ["q2", "scale2", "zero", "scale2", "zero"], "qp", domain: "com.microsoft");
                graph.Node("Flatten", ["qp"], "qf");
                graph.Bytes("fc.q", OnnxElementType.UInt8, 8, 10);
                graph.Node("QLinearMatMul", ["qf", "scale2", "zero", "fc.q", "scaleW", "middle", "scaleF", "middle"], "ql");
                graph.Node("DequantizeLinear", ["ql", "scaleF", "middle"], "logits");
                break;
            case "fused operators":
                graph.Node(
                    "FusedConv",
                    ["image", graph.Weight("conv.weight", 8, 3, 3, 3)],
                    "r",
                    "com.microsoft",
                    OnnxAttribute.Of("strides", 2L, 2L),
                    OnnxAttribute.Of("pads", 1L, 1L, 1L, 1L),
                    OnnxAttribute.Of("activation", "Relu")
                );
                graph.Head("r");
                break;
            case "newest operators":
                graph.Opset = 24;
                graph.Conv("image", "c", 3, 8);
                graph.Node("Swish", ["c"], "r", "", OnnxAttribute.Of("alpha", 1.5f));
                graph.Head("r");
                break;
            case "newest opset":
                graph.Opset = 24;
                graph.Conv("image", "c", 3, 8);
                graph.Node("Relu", ["c"], "r");
                graph.Head("r");
                break;
            case "half precision":
                graph.Node("Cast", ["image"], "h", "", OnnxAttribute.Of("to", 10L));
                graph.Node(
                    "Conv",
                    ["h", graph.Half("conv.weight", 8, 3, 3, 3)],
                    "c",
                    "",
                    OnnxAttribute.Of("strides", 2L, 2L),
                    OnnxAttribute.Of("pads", 1L, 1L, 1L, 1L)
                );
                graph.Node("Relu", ["c"], "r");
                graph.Node("GlobalAveragePool", ["r"], "p");
                graph.Node("Flatten", ["p"], "features");
                graph.Node("Gemm", ["features", graph.Half("fc.weight", 8, 10)], "l");
                graph.Node("Cast", ["l"], "logits", "", OnnxAttribute.Of("to", 1L));
                break;
            case "functions":
                graph.Functions.Add(ConvolutionWithRelu());
                graph.Node("ConvRelu", ["image", graph.Weight("conv.weight", 8, 3, 3, 3)], "r0", "local", OnnxAttribute.Of("step", 2L, 2L));
                graph.Node("ConvRelu", ["r0", graph.Weight("conv2.weight", 8, 8, 3, 3)], "r", "local");
                graph.Head("r");
                break;
            case "branches":
                // As PyTorch writes a squeeze of a dimension that it does not know.
                graph.Conv("image", "c", 3, 8);
                graph.Node("Relu", ["c"], "r");
                graph.Node("GlobalAveragePool", ["r"], "p");
                graph.Node("Shape", ["p"], "sizes");
                graph.Node("Gather", ["sizes", graph.Ints("third", 2)], "size", "", OnnxAttribute.Of("axis", 0L));
                graph.Node("Equal", ["size", graph.Ints("one", 1)], "is1");
                graph.Node(
                    "If",
                    ["is1"],
                    "s",
                    "",
                    Branch("then_branch", "Squeeze", "p", graph.Ints("dims", 2, 3)),
                    Branch("else_branch", "Identity", "p")
                );
                graph.Node("Identity", ["s"], "features");
                graph.Node("Gemm", ["features", graph.Weight("fc.weight", 8, 10)], "logits");
                break;
            case "grid sample":
                graph.Opset = 16;
                graph.Conv("image", "c", 3, 8);
                graph.Node(
                    "Conv",
                    ["image", graph.Weight("grid.weight", 2, 3, 3, 3)],
                    "g",
                    "",
                    OnnxAttribute.Of("strides", 2L, 2L),
                    OnnxAttribute.Of("pads", 1L, 1L, 1L, 1L)
                );
                graph.Node("Transpose", ["g"], "grid", "", OnnxAttribute.Of("perm", 0L, 2L, 3L, 1L));
                graph.Node("GridSample", ["c", "grid"], "r", "", OnnxAttribute.Of("mode", "bilinear"));
                graph.Head("r");
                break;
            case "mean and variance":
                graph.Conv("image", "c", 3, 8);
                graph.Node("MeanVarianceNormalization", ["c"], "n", "", OnnxAttribute.Of("axes", 2L, 3L));
                graph.Node("Relu", ["n"], "r");
                graph.Head("r");
                break;
            case "channel shuffle":
                graph.Batch = 1;
                graph.Conv("image", "c", 3, 8);
                graph.Node("Reshape", ["c", graph.Ints("groups", 4, 2, 64)], "s");
                graph.Node("Transpose", ["s"], "t", "", OnnxAttribute.Of("perm", 1L, 0L, 2L));
                graph.Node("Reshape", ["t", graph.Ints("maps", 1, 8, 8, 8)], "m");
                graph.Conv("m", "c2", 8, 8);
                graph.Node("Relu", ["c2"], "r");
                graph.Head("r");
                break;
            case "tokens":
                graph.Batch = 1;
                Tokens(graph);
                break;
            case "linear tokens":
                graph.Batch = 1;
                graph.Conv("image", "c", 3, 8);
                graph.Node("Reshape", ["c", graph.Ints("flat", 8, 64)], "s");
                graph.Node("Transpose", ["s"], "t");
                graph.Node(
                    "Gemm",
                    ["t", graph.Weight("mlp.weight", 8, 8), graph.Weight("mlp.bias", 8)],
                    "g",
                    "",
                    OnnxAttribute.Of("transB", 1L)
                );
                graph.Node("Softmax", ["g"], "a", "", OnnxAttribute.Of("axis", 1L));
                graph.Node("Slice", ["a", graph.Ints("from", 0), graph.Ints("to", 32), graph.Ints("along", 0)], "half");
                graph.Node("ReduceMean", ["half"], "mean", "", OnnxAttribute.Of("axes", [0L]), OnnxAttribute.Of("keepdims", 0L));
                graph.Node("Unsqueeze", ["mean", graph.Ints("first", 0)], "features");
                graph.Node("Gemm", ["features", graph.Weight("fc.weight", 8, 10)], "logits");
                break;
            case "sizes":
                graph.Batch = 1;
                graph.Conv("image", "c", 3, 8);
                graph.Node("Resize", ["c", "", "", graph.Ints("sizes", 1, 8, 12, 12)], "u", "", OnnxAttribute.Of("mode", "linear"));
                graph.Node("Relu", ["u"], "r");
                graph.Head("r");
                break;
            case "flattened to one":
                graph.Conv("image", "c", 3, 8);
                graph.Node("Relu", ["c"], "r");
                graph.Node("GlobalAveragePool", ["r"], "p");
                graph.Node("Reshape", ["p", graph.Ints("one", 1, 8)], "features");
                graph.Node("Gemm", ["features", graph.Weight("fc.weight", 8, 10)], "logits");
                break;
            case "computed shape":
                graph.Batch = 1;
                graph.Conv("image", "c", 3, 8);
                graph.Node("Shape", ["c"], "shape");
                graph.Node("Slice", ["shape", graph.Ints("two", 2), graph.Ints("four", 4), graph.Ints("zeroth", 0)], "area");
                graph.Node("Concat", [graph.Ints("split", 2, 4), "area"], "target", "", OnnxAttribute.Of("axis", 0L));
                graph.Node("Reshape", ["c", "target"], "s");
                graph.Node("Transpose", ["s"], "t", "", OnnxAttribute.Of("perm", 1L, 0L, 2L, 3L));
                graph.Node("Concat", [graph.Ints("joined", 1, 8), "area"], "back", "", OnnxAttribute.Of("axis", 0L));
                graph.Node("Reshape", ["t", "back"], "m");
                graph.Node("Relu", ["m"], "r");
                graph.Head("r");
                break;
            case "mixing images":
                graph.Batch = 1;
                graph.Conv("image", "c", 3, 8);
                graph.Node("Relu", ["c"], "r");
                graph.Node("GlobalAveragePool", ["r"], "p");
                graph.Node("Einsum", ["p"], "features", "", OnnxAttribute.Of("equation", "nchw->nc"));
                graph.Node("Gemm", ["features", graph.Weight("fc.weight", 8, 10)], "logits");
                break;
            default:
                throw new ArgumentException(kind);
        }
        return graph.Build(kind);
    }

    private static void DynamicallyQuantized(Builder graph)
    {
        graph.Node("DynamicQuantizeLinear", ["image"], ["q", "s", "z"]);
        graph.Bytes("conv.q", OnnxElementType.Int8, 8, 3, 3, 3);
        graph.Node(
            "ConvInteger",
            ["q", "conv.q", "z"],
            "i",
            "",
            OnnxAttribute.Of("strides", 2L, 2L),
            OnnxAttribute.Of("pads", 1L, 1L, 1L, 1L)
        );
        graph.Node("Cast", ["i"], "f", "", OnnxAttribute.Of("to", 1L));
        graph.Node("Mul", ["s", graph.Floats("conv.scale", 0.01f)], "sc");
        graph.Node("Mul", ["f", "sc"], "c");
        graph.Node("Relu", ["c"], "r");
        graph.Node("GlobalAveragePool", ["r"], "p");
        graph.Node("Flatten", ["p"], "features");
        graph.Node("DynamicQuantizeLinear", ["features"], ["fq", "fs", "fz"]);
        graph.Bytes("fc.q", OnnxElementType.Int8, 8, 10);
        graph.Node("MatMulInteger", ["fq", "fc.q", "fz"], "mi");
        graph.Node("Cast", ["mi"], "mf", "", OnnxAttribute.Of("to", 1L));
        graph.Node("Mul", ["fs", graph.Floats("fc.scale", 0.01f)], "msc");
        graph.Node("Mul", ["mf", "msc"], "mm");
        graph.Node("Add", ["mm", graph.Weight("fc.bias", 10)], "logits");
    }

    private static void Quantized(Builder graph)
    {
        graph.Floats("scale1", 0.02f);
        graph.Floats("scale2", 0.05f);
        graph.Floats("scaleW", 0.01f);
        graph.Floats("scaleF", 0.1f);
        graph.Byte("zero", OnnxElementType.UInt8, 0);
        graph.Byte("middle", OnnxElementType.UInt8, 128);
        graph.Byte("none", OnnxElementType.Int8, 0);
        graph.Bytes("conv.q", OnnxElementType.Int8, 8, 3, 3, 3);
        graph.Bytes("conv2.q", OnnxElementType.Int8, 8, 8, 3, 3);
        OnnxAttribute[] window = [OnnxAttribute.Of("strides", 2L, 2L), OnnxAttribute.Of("pads", 1L, 1L, 1L, 1L)];
        graph.Node("QuantizeLinear", ["image", "scale1", "middle"], "q");
        graph.Node("QLinearConv", ["q", "scale1", "middle", "conv.q", "scaleW", "none", "scale2", "zero"], "q1", "", window);
        graph.Node("QLinearConv", ["q1", "scale2", "zero", "conv2.q", "scaleW", "none", "scale2", "zero"], "q2", "", window);
    }

    /// <summary>
    /// Patches with a class token, one head of attention, written for one image as PyTorch does where the batch is fixed.
    /// </summary>
    private static void Tokens(Builder graph)
    {
        graph.Node("Conv", ["image", graph.Weight("patch.weight", 8, 3, 4, 4)], "c", "", OnnxAttribute.Of("strides", 4L, 4L));
        graph.Node("Reshape", ["c", graph.Ints("flat", 1, 8, 16)], "s");
        graph.Node("Transpose", ["s"], "patches", "", OnnxAttribute.Of("perm", 0L, 2L, 1L));
        graph.Node("Concat", [graph.Weight("class", 1, 1, 8), "patches"], "x", "", OnnxAttribute.Of("axis", 1L));
        graph.Node("Reshape", ["x", graph.Ints("rows", 17, 8)], "x2");
        foreach (string part in new[] { "query", "key", "value" })
            graph.Node("MatMul", ["x2", graph.Weight($"{part}.weight", 8, 8)], part);
        graph.Node("Transpose", ["key"], "keyT");
        graph.Node("MatMul", ["query", "keyT"], "products");
        graph.Node("Softmax", ["products"], "attention", "", OnnxAttribute.Of("axis", -1L));
        graph.Node("MatMul", ["attention", "value"], "mixed");
        graph.Node("Reshape", ["mixed", graph.Ints("image.rows", 1, 17, 8)], "y");
        graph.Node("Add", ["x", "y"], "sum");
        graph.Node("Gather", ["sum", graph.Ints("class.index", 0)], "first", "", OnnxAttribute.Of("axis", 1L));
        graph.Node("Reshape", ["first", graph.Ints("one", 1, 8)], "features");
        graph.Node("Gemm", ["features", graph.Weight("fc.weight", 8, 10)], "logits");
    }

    private static OnnxAttribute Branch(string name, string opType, params string[] inputs)
    {
        var node = new NodeProto { OpType = opType, Name = opType };
        node.Input.AddRange(inputs);
        node.Output.Add("out");
        var graph = new GraphProto { Name = name };
        graph.Node.Add(node);
        graph.Output.Add(
            new ValueInfoProto
            {
                Name = "out",
                Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = 1 } },
            }
        );
        return new OnnxAttribute(
            new AttributeProto
            {
                Name = name,
                Type = AttributeProto.Types.AttributeType.Graph,
                G = graph,
            }
        );
    }

    private static FunctionProto ConvolutionWithRelu()
    {
        var function = new FunctionProto { Name = "ConvRelu", Domain = "local" };
        function.Input.AddRange(["x", "w"]);
        function.Output.Add("y");
        function.Attribute.Add("step");
        function.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = 17 });
        var conv = new NodeProto { OpType = "Conv" };
        conv.Input.AddRange(["x", "w"]);
        conv.Output.Add("c");
        conv.Attribute.Add(
            new AttributeProto
            {
                Name = "strides",
                RefAttrName = "step",
                Type = AttributeProto.Types.AttributeType.Ints,
            }
        );
        conv.Attribute.Add(OnnxAttribute.Of("pads", 1L, 1L, 1L, 1L).Proto);
        var relu = new NodeProto { OpType = "Relu" };
        relu.Input.Add("c");
        relu.Output.Add("y");
        function.Node.AddRange([conv, relu]);
        return function;
    }

    private sealed class Builder
    {
        private readonly List<OnnxNode> _nodes = [];
        private readonly OrderedDictionary<string, OnnxTensor> _tensors = [];
        private readonly Random _random = new(3);

        public int Opset { get; set; } = 17;

        public long Batch { get; set; } = -1;

        public List<FunctionProto> Functions { get; } = [];

        public string Weight(string name, params long[] shape) => Add(OnnxTensor.FromFloats(name, shape, Values(shape)));

        public string Half(string name, params long[] shape) =>
            Add(OnnxTensor.FromArray(name, OnnxElementType.Float16, shape, Array.ConvertAll(Values(shape), v => (Half)v)));

        public string Floats(string name, float value) => Add(OnnxTensor.FromFloats(name, [], [value]));

        public string Ints(string name, params long[] values) => Add(OnnxTensor.FromInt64s(name, [values.Length], values));

        public string Byte(string name, OnnxElementType type, byte value) => Add(OnnxTensor.FromArray(name, type, [], new[] { value }));

        public string Bytes(string name, OnnxElementType type, params long[] shape)
        {
            var bytes = new byte[shape.Aggregate(1L, (a, b) => a * b)];
            _random.NextBytes(bytes);
            return Add(OnnxTensor.FromArray(name, type, shape, bytes));
        }

        public void Node(string opType, string[] inputs, string output, string domain = "", params OnnxAttribute[] attributes) =>
            _nodes.Add(OnnxNode.Create(opType, inputs, [output], attributes) with { Domain = domain });

        public void Node(string opType, string[] inputs, string[] outputs) => _nodes.Add(OnnxNode.Create(opType, inputs, outputs));

        public void Conv(string input, string output, int from, int to) =>
            Node(
                "Conv",
                [input, Weight($"{output}.weight", to, from, 3, 3)],
                output,
                "",
                OnnxAttribute.Of("strides", 2L, 2L),
                OnnxAttribute.Of("pads", 1L, 1L, 1L, 1L)
            );

        public void Head(string maps)
        {
            Node("GlobalAveragePool", [maps], "p");
            Node("Flatten", ["p"], "features");
            Node("Gemm", ["features", Weight("fc.weight", 8, 10)], "logits");
        }

        public OnnxGraph Build(string name) =>
            new()
            {
                Name = name,
                IrVersion = 10,
                Opsets = new Dictionary<string, int>
                {
                    [""] = Opset,
                    ["com.microsoft"] = 1,
                    ["local"] = 1,
                },
                Inputs = [OnnxValue.Create("image", OnnxElementType.Float, Batch, 3, 16, 16)],
                Outputs = [OnnxValue.Create("logits", OnnxElementType.Float, Batch, 10)],
                Nodes = _nodes,
                Initializers = _tensors,
                Functions = Functions,
            };

        private string Add(OnnxTensor tensor)
        {
            _tensors.Add(tensor.Name, tensor);
            return tensor.Name;
        }

        private float[] Values(long[] shape)
        {
            var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
            float scale = 2 / MathF.Sqrt(values.Length / Math.Max(1, shape[0]));
            for (int i = 0; i < values.Length; i++)
                values[i] = (_random.NextSingle() - 0.5f) * scale;
            return values;
        }
    }
}
