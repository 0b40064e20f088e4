using Google.Protobuf;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Proto;
using static MLNetExtensions.Onnx.OnnxAttribute;

namespace MLNetExtensions.UnseenModels.Exporters;

/// <summary>What torch.onnx.export(dynamo=True) writes, PyTorch 2.4 to 2.13.</summary>
internal static class TorchDynamoModels
{
    public static IReadOnlyList<UnseenModel> All { get; } =
    [
        new("dynamo18-resnet", d => ResNet(d, 18)) { Features = 24 },
        new("dynamo18-resnet-batch1", d => ResNet(d, 18, 1)) { Features = 24 },
        new("dynamo20-gelu", d => Gelu(d, 20)) { Features = 24 },
        new("dynamo23-resnet", d => ResNet(d, 23)) { Features = 24 },
        new("dynamo24-resnet", d => ResNet(d, 24)) { Features = 24 },
        new UnseenModel("dynamo23-attention-op", Attention) { Features = 16 }
            .MayBeUntrainable("Attention|RMSNormalization")
            .Unprunable(),
        new("dynamo18-functions", Functions) { Features = 24 },
        new("dynamo18-external-data", External) { Features = 24 },
    ];

    private static void Dynamo(ModelDraft d, int opset)
    {
        (d.Opset, d.Producer, d.ProducerVersion, d.IrVersion) = (opset, "pytorch", "2.6.0", opset < 23 ? 10 : 11);
        (d.ValueName, d.NodeName) = ((op, n) => n % 3 == 0 ? op.ToLowerInvariant() : $"val_{n}", (op, n) => $"node_{op}_{n}");
        d.WeightName = (layer, part) => $"layer.{layer}.{part}";
        d.Metadata["pkg.torch.onnx.package_info"] = "{\"name\": \"model\"}";
    }

    private static void ResNet(ModelDraft d, int opset, object? batch = null)
    {
        Dynamo(d, opset);
        batch ??= "s77";
        string x = d.FoldedTrunk(d.Input("x", batch, 3, 32, 32), 3, 8, 16);
        x = d.Relu(d.Add(x, d.Conv(d.Relu(d.Conv(x, 16, 16)), 16, 16)));
        x = d.Mean(d.Relu(d.Conv(x, 16, 24, stride: 2)), true, -1, -2);
        x = batch is int ? d.Node("Reshape", [x, d.Longs(1, 24)], Of("allowzero", 1L)) : d.Flatten(x);
        d.End(d.Gemm(x, 24, 10), "linear", batch, 10);
    }

    private static void Gelu(ModelDraft d, int opset)
    {
        Dynamo(d, opset);
        string x = d.Node("Gelu", [d.Conv(d.Input("pixel_values", "batch", 3, 32, 32), 3, 24, stride: 2)], Of("approximate", "none"));
        x = d.Node("Gelu", [d.Conv(x, 24, 24, stride: 2)], Of("approximate", "tanh"));
        x = d.Transpose(d.LayerNorm(d.Transpose(x, 0, 2, 3, 1), 24), 0, 3, 1, 2);
        x = d.Node("ReduceMax", [x, d.Longs(2, 3)], Of("keepdims", 0L));
        d.End(d.Gemm(x, 24, 10), "linear_1", "batch", 10);
    }

    /// <summary>Opset 23 has attention and RMSNormalization as operators.</summary>
    private static void Attention(ModelDraft d)
    {
        Dynamo(d, 23);
        string x = d.Conv(d.Input("pixel_values", "batch", 3, 32, 32), 3, 16, kernel: 8, stride: 8, pad: 0);
        x = d.Transpose(d.ReshapeByShape(x, 16, 16), 0, 2, 1);
        string normal = d.Node(
            "RMSNormalization",
            [x, d.Vector(d.Layer("rms"), "weight", 16, 1, 0.1)],
            Of("axis", -1L),
            Of("epsilon", 1e-6f)
        );
        string[] qkv = [.. Enumerable.Range(0, 3).Select(_ => d.Dense(normal, 16, 16))];
        x = d.Add(x, d.Node("Attention", qkv, Of("q_num_heads", 2L), Of("kv_num_heads", 2L)));
        d.End(d.Gemm(d.Mean(x, false, 1), 16, 10), "linear", "batch", 10);
    }

    /// <summary>Layers as functions of the model's own, as onnxscript leaves them: activation and residual block.</summary>
    private static void Functions(ModelDraft d)
    {
        const string Domain = "pkg.onnxscript.torch_lib";
        Dynamo(d, 18);
        d.Domains[Domain] = 1;
        string x = d.Foreign(Domain, "aten_hardswish", [d.Conv(d.Input("x", "batch", 3, 32, 32), 3, 8, stride: 2)]);
        x = d.Foreign(Domain, "aten_hardswish", [d.Conv(x, 8, 16, stride: 2)]);
        x = d.Foreign(Domain, "aten_leaky_relu", [d.Conv(x, 16, 24, stride: 2)], Of("negative_slope", 0.1f));
        x = d.Mean(x, false, 2, 3);
        d.End(d.Gemm(x, 24, 10), "linear", "batch", 10);
        // FunctionProto: name 1, input 4, output 5, attribute 6, node 7, opset_import 9, domain 10.
        byte[] three = Node("Constant", [], ["three"], Of("value", OnnxTensor.FromFloats("", [], [3])));
        byte[] six = Node("Constant", [], ["six"], Of("value", OnnxTensor.FromFloats("", [], [6])));
        byte[] zero = Node("Constant", [], ["zero"], Of("value", OnnxTensor.FromFloats("", [], [0])));
        AddFunction(
            "aten_hardswish",
            "self",
            "result",
            [],
            [
                three,
                six,
                zero,
                Node("Add", ["self", "three"], ["shifted"]),
                Node("Clip", ["shifted", "zero", "six"], ["clipped"]),
                Node("Div", ["clipped", "six"], ["gate"]),
                Node("Mul", ["self", "gate"], ["result"]),
            ]
        );
        AddFunction(
            "aten_leaky_relu",
            "self",
            "result",
            ["negative_slope"],
            [
                Node(
                    "LeakyRelu",
                    ["self"],
                    ["result"],
                    new OnnxAttribute(
                        new AttributeProto
                        {
                            Name = "alpha",
                            RefAttrName = "negative_slope",
                            Type = AttributeProto.Types.AttributeType.Float,
                        }
                    )
                ),
            ]
        );

        void AddFunction(string name, string input, string output, string[] attributes, byte[][] nodes)
        {
            byte[] opset = ModelDraft.Varint(2, 18);
            d.Append(
                ModelDraft.Field(
                    25,
                    [
                        .. Text(1, name),
                        .. Text(4, input),
                        .. Text(5, output),
                        .. attributes.SelectMany(a => Text(6, a)),
                        .. nodes.SelectMany(n => ModelDraft.Field(7, n)),
                        .. ModelDraft.Field(9, opset),
                        .. Text(10, Domain),
                    ]
                )
            );
        }

        static byte[] Text(int field, string text) => ModelDraft.Field(field, System.Text.Encoding.UTF8.GetBytes(text));

        static byte[] Node(string op, string[] inputs, string[] outputs, params OnnxAttribute[] attributes)
        {
            var node = new NodeProto { OpType = op };
            node.Input.AddRange(inputs);
            node.Output.AddRange(outputs);
            node.Attribute.AddRange(attributes.Select(a => a.Proto));
            return node.ToByteArray();
        }
    }

    private static void External(ModelDraft d)
    {
        d.Weights = WeightStyle.External;
        ResNet(d, 18);
    }
}
