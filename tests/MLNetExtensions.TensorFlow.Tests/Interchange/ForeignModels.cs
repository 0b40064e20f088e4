using Google.Protobuf;
using MLNetExtensions.TensorFlow.Proto;

namespace MLNetExtensions.TensorFlow.Tests.Interchange;

/// <summary>Models as TensorFlow's own tools write them, made through the C API.</summary>
internal static class ForeignModels
{
    /// <summary>A small network of what Inception, ResNet and MobileNet are made of: images of 17 x 19, five classes.</summary>
    public static (Symbol Input, Symbol Output) Network(TensorFlowGraph g)
    {
        var random = new Random(5);
        Symbol input = g.Op("Placeholder").Named("image").Set("dtype", DataType.Float).SetShape("shape", [-1, 17, 19, 3]).Output();
        Symbol x = g.Op("BiasAdd").Input(Conv("Conv2D", input, 2, "SAME", 3, 3, 3, 8)).Input(Weights(8)).Output();
        x = g.Op("FusedBatchNormV3")
            .Input(x)
            .Input(Weights(8))
            .Input(Weights(8))
            .Input(Weights(8))
            .Input(g.Square(Weights(8)) + 1)
            .Set("is_training", false)
            .Set("epsilon", 1e-3f)
            .Output();
        x = g.Unary("Relu6", x);
        Symbol depthwise = g.Unary("Relu", Conv("DepthwiseConv2dNative", x, 1, "SAME", 3, 3, 8, 2));
        Symbol pooled = g.Op("MaxPool").Input(x).Set("ksize", [1, 3, 3, 1]).Set("strides", [1, 1, 1, 1]).Set("padding", "SAME").Output();
        Symbol mean = g.Op("AvgPool").Input(x).Set("ksize", [1, 3, 3, 1]).Set("strides", [1, 1, 1, 1]).Set("padding", "SAME").Output();
        x = g.Concat([depthwise, pooled, mean * Weights(8)], 3);
        x = x + Conv("Conv2D", x, 1, "VALID", 1, 1, 32, 32);
        x = g.Op("LRN").Input(x).Set("depth_radius", 2).Output();
        x = g.MatMul(g.Mean(x, [1, 2]), Weights(32, 5)) + Weights(5);
        return (input, g.Op("Softmax").Named("scores").Input(x).Output());

        Symbol Weights(params long[] shape) =>
            g.Constant(
                [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => (float)random.NextDouble() - 0.4f)],
                shape
            );

        Symbol Conv(string op, Symbol value, long stride, string padding, params long[] shape) =>
            g.Op(op).Input(value).Input(Weights(shape)).Set("strides", [1, stride, stride, 1]).Set("padding", padding).Output();
    }

    /// <summary>Writes <see cref="Network"/> as a SavedModel with a function and a variable.</summary>
    public static void WriteSavedModel(TensorFlowGraph graph, string folder)
    {
        GraphDef definition = GraphDef.Parser.ParseFrom(graph.ToDefinition());
        NodeDef last = definition.Node.First(n => n.Name == "scores");
        definition.Node.Remove(last);
        // The softmax moves into a function, as Keras writes whole models.
        var function = new FunctionDef { Signature = new OpDef { Name = "top" } };
        function.Signature.InputArg.Add(new OpDef.Types.ArgDef { Name = "x", Type = 1 });
        function.Signature.OutputArg.Add(new OpDef.Types.ArgDef { Name = "y", Type = 1 });
        var inner = new NodeDef
        {
            Name = "soft",
            Op = "Softmax",
            Input = { "x" },
        };
        inner.Attr["T"] = new AttrValue { Type = 1 };
        function.NodeDef.Add(inner);
        function.Ret["y"] = "soft:softmax:0";
        definition.Library = new FunctionDefLibrary { Function = { function } };
        var call = new NodeDef
        {
            Name = "call",
            Op = "PartitionedCall",
            Input = { last.Input[0] },
        };
        call.Attr["f"] = new AttrValue { Func = new NameAttrList { Name = "top" } };
        call.Attr["Tin"] = call.Attr["Tout"] = new AttrValue { List = new AttrValue.Types.ListValue { Type = { 1 } } };
        definition.Node.Add(call);
        // The last weights become a variable, which the model's initialization sets.
        NodeDef product = definition.Node.First(n => n.Op == "MatMul");
        var variable = new NodeDef { Name = "weights", Op = "VarHandleOp" };
        variable.Attr["shape"] = new AttrValue
        {
            Shape = new TensorShapeProto
            {
                Dim =
                {
                    new TensorShapeProto.Types.Dim { Size = 32 },
                    new TensorShapeProto.Types.Dim { Size = 5 },
                },
            },
        };
        var reading = new NodeDef
        {
            Name = "weights/read",
            Op = "ReadVariableOp",
            Input = { "weights" },
        };
        var assign = new NodeDef
        {
            Name = "init",
            Op = "AssignVariableOp",
            Input = { "weights", product.Input[1] },
        };
        variable.Attr["dtype"] = reading.Attr["dtype"] = assign.Attr["dtype"] = new AttrValue { Type = 1 };
        product.Input[1] = "weights/read";
        definition.Node.Add([variable, reading, assign]);
        var signature = new SignatureDef { MethodName = "tensorflow/serving/predict" };
        signature.Inputs["image"] = new TensorInfo { Name = "image:0", Dtype = 1 };
        signature.Outputs["probabilities"] = new TensorInfo { Name = "call:0", Dtype = 1 };
        var meta = new MetaGraphDef
        {
            GraphDef = definition,
            MetaInfoDef = new MetaGraphDef.Types.MetaInfoDef { Tags = { "serve" } },
        };
        meta.SignatureDef["serving_default"] = signature;
        var initialize = new SignatureDef();
        initialize.Outputs["__saved_model_init_op"] = new TensorInfo { Name = "init" };
        meta.SignatureDef["__saved_model_init_op"] = initialize;
        File.WriteAllBytes(
            Path.Combine(folder, "saved_model.pb"),
            new SavedModel { SavedModelSchemaVersion = 1, MetaGraphs = { meta } }.ToByteArray()
        );
    }
}
