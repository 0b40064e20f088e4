using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Rows;
using static MLNetExtensions.Onnx.OnnxAttribute;
using static MLNetExtensions.Onnx.Rows.RowVerdict;

namespace MLNetExtensions.TestData.Graphs;

/// <summary>Operators with rows in all the places where they may be.</summary>
internal static class RowCases
{
    private const string Microsoft = "com.microsoft",
        Learning = "ai.onnx.ml";

    private static readonly long[] Flat = [4],
        Map = [4, 6],
        Image = [4, 6, 6];

    public static IReadOnlyList<RowCase> All =>
        [
            .. Elementwise(),
            .. Layout(),
            .. Indexing(),
            .. Windows(),
            .. Reductions(),
            .. Matrices(),
            .. Recurrent(),
            .. Quantized(),
            .. OfMicrosoft(),
            .. OfMachineLearning(),
        ];

    private static IEnumerable<RowCase> Elementwise()
    {
        foreach (
            string op in new[]
            {
                "Abs",
                "Acos",
                "Acosh",
                "Asin",
                "Asinh",
                "Atan",
                "Atanh",
                "Ceil",
                "Celu",
                "Cos",
                "Cosh",
                "Elu",
                "Erf",
                "Exp",
                "Floor",
                "HardSigmoid",
                "HardSwish",
                "Identity",
                "IsInf",
                "IsNaN",
                "LeakyRelu",
                "Log",
                "Neg",
                "Reciprocal",
                "Relu",
                "Round",
                "Selu",
                "Shrink",
                "Sigmoid",
                "Sign",
                "Sin",
                "Sinh",
                "Softplus",
                "Softsign",
                "Sqrt",
                "Tan",
                "Tanh",
                "ThresholdedRelu",
            }
        )
            yield return new RowCase(op, Independent, Map, [N(op, ["x"])]);
        foreach ((string op, int opset) in new[] { ("Mish", 18), ("Gelu", 20) })
            yield return new RowCase(op, Independent, Map, [N(op, ["x"])]) { Opset = opset };
        yield return new RowCase(
            "Clip",
            Independent,
            Map,
            [N("Clip", ["x", "low", "high"])],
            Floats("low", [], -0.5f),
            Floats("high", [], 0.5f)
        );
        yield return new RowCase("Dropout", Independent, Map, [N("Dropout", ["x"])]);
        yield return new RowCase(
            "Dropout without training",
            Independent,
            Map,
            [N("Dropout", ["x", "ratio", "train"])],
            Floats("ratio", [], 0.5f),
            Bools("train", false)
        );
        yield return new RowCase(
            "Dropout in training",
            Dependent,
            Map,
            [N("Dropout", ["x", "ratio", "train"])],
            Floats("ratio", [], 0.5f),
            Bools("train", true)
        );
        foreach (
            string op in new[]
            {
                "Add",
                "Div",
                "Max",
                "Mean",
                "Min",
                "Mul",
                "Sub",
                "Sum",
                "PRelu",
                "Equal",
                "Greater",
                "GreaterOrEqual",
                "Less",
                "LessOrEqual",
            }
        )
        {
            yield return new RowCase($"{op} of rows", Independent, Map, [OnnxNode.Create("Neg", ["x"], ["minus"]), N(op, ["x", "minus"])]);
            yield return new RowCase($"{op} with a constant", Independent, Map, [N(op, ["x", "c"])], Values("c", 4, 1));
        }
        yield return new RowCase("Pow", Independent, Map, [N("Pow", ["x", "c"])], Floats("c", [], 2));
        yield return new RowCase(
            "Add to a longer shape",
            Independent,
            Map,
            [OnnxNode.Create("Add", ["x", "c"], ["a"]), N("Transpose", ["a"], Of("perm", 1, 0, 2, 3))],
            Values("c", 3, 1, 4, 6)
        );
        yield return new RowCase("Add with a constant for three rows", Unknown, Flat, [N("Add", ["x", "c"])], Values("c", 3, 4));
        yield return new RowCase(
            "Add of rows and rows across",
            Unknown,
            [1],
            [OnnxNode.Create("Transpose", ["x"], ["t"]), N("Add", ["x", "t"])]
        );
        yield return new RowCase(
            "Where",
            Independent,
            Map,
            [OnnxNode.Create("Greater", ["x", "c"], ["is"]), OnnxNode.Create("Neg", ["x"], ["minus"]), N("Where", ["is", "x", "minus"])],
            Floats("c", [], 0.1f)
        );
        foreach (string op in new[] { "And", "Or", "Xor" })
            yield return new RowCase(
                op,
                Independent,
                Map,
                [
                    OnnxNode.Create("Greater", ["x", "c"], ["a"]),
                    OnnxNode.Create("Less", ["x", "c"], ["b"]),
                    OnnxNode.Create("Not", ["b"], ["n"]),
                    N(op, ["a", "n"]),
                ],
                Floats("c", [], 0.1f)
            );
        foreach (string op in new[] { "BitwiseAnd", "BitwiseOr", "BitwiseXor" })
            yield return new RowCase(
                op,
                Independent,
                Map,
                [To("x", "a", OnnxElementType.Int32), OnnxNode.Create("BitwiseNot", ["a"], ["b"]), N(op, ["a", "b"])]
            )
            {
                Opset = 18,
            };
        yield return new RowCase(
            "BitShift",
            Independent,
            Map,
            [OnnxNode.Create("Abs", ["x"], ["p"]), To("p", "a", OnnxElementType.UInt64), N("BitShift", ["a", "a"], Of("direction", "LEFT"))]
        );
        yield return new RowCase("Mod", Independent, Map, [To("x", "a", OnnxElementType.Int32), N("Mod", ["a", "c"])], Ints32("c", 3));
        yield return new RowCase("CastLike", Independent, Map, [N("CastLike", ["x", "c"])], Ints("c", 3));
        yield return new RowCase(
            "Mul by the number of rows",
            Unknown,
            Map,
            [
                OnnxNode.Create("Shape", ["x"], ["s"]),
                OnnxNode.Create("Gather", ["s", "zero"], ["n"]),
                To("n", "f", OnnxElementType.Float),
                N("Mul", ["x", "f"]),
            ],
            Scalar("zero", 0)
        );
        yield return new RowCase(
            "Mul by a width",
            Independent,
            Map,
            [
                OnnxNode.Create("Shape", ["x"], ["s"]),
                OnnxNode.Create("Gather", ["s", "two"], ["n"]),
                To("n", "f", OnnxElementType.Float),
                N("Mul", ["x", "f"]),
            ],
            Scalar("two", 2)
        );
    }

    private static IEnumerable<RowCase> Layout()
    {
        yield return Reshaped("into one dimension", Independent, -1, 24);
        yield return Reshaped("keeping the batch", Independent, 0, -1);
        yield return Reshaped("with a channel in front", Independent, -1, 1, 4, 6);
        yield return Reshaped("behind a one", Independent, 1, -1, 24);
        yield return Reshaped("joined to the rows", Independent, -1, 6);
        yield return Reshaped("of groups", Independent, 0, 2, 2, 6);
        yield return Reshaped("of a fixed number of rows", Unknown, 4, -1);
        yield return Reshaped("into the last dimension", Independent, 1, 1, -1);
        yield return new RowCase(
            "Reshape by a computed shape",
            Independent,
            Map,
            [
                OnnxNode.Create("Shape", ["x"], ["s"]),
                OnnxNode.Create("Gather", ["s", "zero"], ["n"]),
                OnnxNode.Create("Unsqueeze", ["n", "axis"], ["rows"]),
                OnnxNode.Create("Concat", ["rows", "rest"], ["shape"], Of("axis", 0)),
                N("Reshape", ["x", "shape"]),
            ],
            Scalar("zero", 0),
            Ints("axis", 0),
            Ints("rest", 12, 2)
        );
        yield return new RowCase(
            "Reshape by a product",
            Independent,
            Map,
            [
                OnnxNode.Create("Shape", ["x"], ["s"]),
                OnnxNode.Create("Slice", ["s", "zero", "two"], ["front"]),
                OnnxNode.Create("ReduceProd", ["front"], ["rows"], Of("keepdims", 1)),
                OnnxNode.Create("Concat", ["rows", "rest"], ["shape"], Of("axis", 0)),
                OnnxNode.Create("Reshape", ["x", "shape"], ["r"]),
                N("MatMul", ["r", "w"]),
            ],
            Ints("zero", 0),
            Ints("two", 2),
            Ints("rest", -1),
            Values("w", 6, 3)
        );
        yield return new RowCase(
            "channel shuffle",
            Independent,
            Image,
            [
                OnnxNode.Create("Reshape", ["x", "groups"], ["g"]),
                OnnxNode.Create("Transpose", ["g"], ["t"], Of("perm", 0, 2, 1, 3, 4)),
                N("Reshape", ["t", "back"]),
            ],
            Ints("groups", -1, 2, 2, 6, 6),
            Ints("back", 0, -1, 6, 6)
        );
        yield return new RowCase(
            "attention",
            Independent,
            Map,
            [
                OnnxNode.Create("Reshape", ["x", "heads"], ["h"]),
                OnnxNode.Create("Transpose", ["h"], ["q"], Of("perm", 0, 2, 1, 3)),
                OnnxNode.Create("Transpose", ["h"], ["k"], Of("perm", 0, 2, 3, 1)),
                OnnxNode.Create("MatMul", ["q", "k"], ["s"]),
                OnnxNode.Create("Softmax", ["s"], ["p"]),
                OnnxNode.Create("MatMul", ["p", "q"], ["v"]),
                OnnxNode.Create("Transpose", ["v"], ["t"], Of("perm", 0, 2, 1, 3)),
                N("Reshape", ["t", "back"]),
            ],
            Ints("heads", 0, 4, 2, 3),
            Ints("back", 0, 4, 6)
        );
        yield return new RowCase(
            "class token",
            Independent,
            Map,
            [
                OnnxNode.Create("Shape", ["x"], ["s"]),
                OnnxNode.Create("Slice", ["s", "zero", "one"], ["n"]),
                OnnxNode.Create("Concat", ["n", "open"], ["wanted"], Of("axis", 0)),
                OnnxNode.Create("Equal", ["wanted", "minus"], ["is"]),
                OnnxNode.Create("Where", ["is", "ones", "wanted"], ["shape"]),
                OnnxNode.Create("Expand", ["token", "shape"], ["tokens"]),
                OnnxNode.Create("Concat", ["tokens", "x"], ["all"], Of("axis", 1)),
                OnnxNode.Create("Softmax", ["all"], ["p"], Of("axis", 1)),
                N("Gather", ["p", "first"], Of("axis", 1)),
            ],
            Ints("zero", 0),
            Ints("one", 1),
            Ints("open", -1, -1),
            Ints("minus", -1, -1, -1),
            Ints("ones", 1, 1, 1),
            Values("token", 1, 1, 6),
            Scalar("first", 0)
        );
        yield return new RowCase(
            "zeros of the rows' number",
            Independent,
            Map,
            [OnnxNode.Create("Shape", ["x"], ["s"]), OnnxNode.Create("ConstantOfShape", ["s"], ["z"]), N("Sub", ["z", "x"])]
        );
        yield return new RowCase(
            "Size",
            Unknown,
            Map,
            [OnnxNode.Create("Size", ["x"], ["s"]), To("s", "f", OnnxElementType.Float), N("Mul", ["x", "f"])]
        );
        yield return new RowCase(
            "Range over the rows",
            Unknown,
            Flat,
            [
                OnnxNode.Create("Shape", ["x"], ["s"]),
                OnnxNode.Create("Gather", ["s", "zero"], ["n"]),
                OnnxNode.Create("Range", ["zero", "n", "step"], ["r"]),
                To("r", "f", OnnxElementType.Float),
                OnnxNode.Create("Unsqueeze", ["f", "axis"], ["column"]),
                N("Add", ["x", "column"]),
            ],
            Scalar("zero", 0),
            Scalar("step", 1),
            Ints("axis", 1)
        );
        foreach (int axis in new[] { 1, 2, -1 })
            yield return new RowCase($"Flatten from {axis}", Independent, Map, [N("Flatten", ["x"], Of("axis", axis))]);
        yield return new RowCase(
            "Flatten of all",
            Independent,
            Map,
            [OnnxNode.Create("Flatten", ["x"], ["f"], Of("axis", 0)), N("Reshape", ["f", "shape"])],
            Ints("shape", -1, 24)
        );
        yield return new RowCase(
            "Transpose and back",
            Independent,
            Map,
            [OnnxNode.Create("Transpose", ["x"], ["t"], Of("perm", 2, 0, 1)), N("Transpose", ["t"], Of("perm", 1, 2, 0))]
        );
        yield return new RowCase(
            "Reshape of moved rows",
            Unknown,
            Map,
            [OnnxNode.Create("Transpose", ["x"], ["t"], Of("perm", 1, 0, 2)), N("Reshape", ["t", "shape"])],
            Ints("shape", -1, 24)
        );
        yield return new RowCase(
            "Reshape behind other dimensions",
            Independent,
            Map,
            [
                OnnxNode.Create("Transpose", ["x"], ["t"], Of("perm", 1, 0, 2)),
                OnnxNode.Create("Reshape", ["t", "shape"], ["r"]),
                N("Transpose", ["r"], Of("perm", 2, 0, 1, 3)),
            ],
            Ints("shape", 2, 2, -1, 6)
        );
        yield return new RowCase("Squeeze", Independent, [4, 1], [N("Squeeze", ["x", "axes"])], Ints("axes", -1));
        yield return new RowCase("Squeeze of all ones", Unknown, [4, 1], [N("Squeeze", ["x"])]);
        yield return new RowCase(
            "Unsqueeze",
            Independent,
            Map,
            [OnnxNode.Create("Unsqueeze", ["x", "axes"], ["u"]), N("Squeeze", ["u", "axes"])],
            Ints("axes", 0, -1)
        );
        yield return new RowCase("Expand", Independent, [4, 1], [N("Expand", ["x", "shape"])], Ints("shape", 1, 1, 5));
        yield return new RowCase("Tile", Independent, Map, [N("Tile", ["x", "times"])], Ints("times", 1, 2, 1));
        yield return new RowCase("Tile of rows", Unknown, Map, [N("Tile", ["x", "times"])], Ints("times", 2, 1, 1));
        yield return new RowCase(
            "Concat",
            Independent,
            Map,
            [OnnxNode.Create("Neg", ["x"], ["minus"]), N("Concat", ["x", "minus"], Of("axis", -1))]
        );
        yield return new RowCase(
            "Concat of batches",
            Unknown,
            Map,
            [OnnxNode.Create("Neg", ["x"], ["minus"]), N("Concat", ["x", "minus"], Of("axis", 0))]
        );
        yield return new RowCase(
            "Split",
            Independent,
            Map,
            [OnnxNode.Create("Split", ["x"], ["a", "b"], Of("axis", 1)), N("Mul", ["a", "b"])]
        );
        yield return new RowCase("Pad", Independent, Map, [N("Pad", ["x", "pads"])], Ints("pads", 0, 1, 1, 0, 1, 1));
        yield return new RowCase(
            "Pad as PyTorch exports it",
            Independent,
            Map,
            [
                OnnxNode.Create("ConstantOfShape", ["four"], ["zeros"], Of("value", Ints("", 0))),
                OnnxNode.Create("Concat", ["two", "zeros"], ["listed"], Of("axis", 0)),
                OnnxNode.Create("Reshape", ["listed", "pairs"], ["paired"]),
                OnnxNode.Create("Slice", ["paired", "last", "first", "zero", "back"], ["turned"]),
                OnnxNode.Create("Transpose", ["turned"], ["t"]),
                OnnxNode.Create("Reshape", ["t", "flat"], ["pads"]),
                N("Pad", ["x", "pads"]),
            ],
            Ints("four", 4),
            Ints("two", 1, 1),
            Ints("pairs", -1, 2),
            Ints("last", -1),
            Ints("first", long.MinValue),
            Ints("zero", 0),
            Ints("back", -1),
            Ints("flat", -1)
        );
        yield return new RowCase("Pad with rows", Unknown, Map, [N("Pad", ["x", "pads"])], Ints("pads", 1, 0, 0, 0, 0, 0));
        yield return new RowCase("Trilu", Independent, Map, [N("Trilu", ["x"])]);
        yield return new RowCase("Trilu over rows", Unknown, Flat, [N("Trilu", ["x"])]);
    }

    private static RowCase Reshaped(string name, RowVerdict verdict, params long[] shape) =>
        new($"Reshape {name}", verdict, Map, [N("Reshape", ["x", "shape"])], Ints("shape", shape));

    private static IEnumerable<RowCase> Indexing()
    {
        yield return new RowCase("Gather", Independent, Map, [N("Gather", ["x", "i"], Of("axis", 2))], Ints("i", 3, 1));
        yield return new RowCase("Gather of one", Independent, Map, [N("Gather", ["x", "i"], Of("axis", -1))], Scalar("i", 3));
        yield return new RowCase("Gather of rows", Unknown, Map, [N("Gather", ["x", "i"], Of("axis", 0))], Ints("i", 0));
        yield return new RowCase(
            "Gather by rows",
            Independent,
            Map,
            [Index("x", "i"), To("i", "n", OnnxElementType.Int64), N("Gather", ["table", "n"])],
            Values("table", 3, 5)
        );
        yield return new RowCase(
            "GatherElements",
            Independent,
            Map,
            [Index("x", "i"), To("i", "n", OnnxElementType.Int64), N("GatherElements", ["x", "n"], Of("axis", 2))]
        );
        yield return new RowCase(
            "GatherElements over rows",
            Unknown,
            Map,
            [Zeros("x", "i"), To("i", "n", OnnxElementType.Int64), N("GatherElements", ["x", "n"], Of("axis", 0))]
        );
        yield return new RowCase(
            "GatherND",
            Independent,
            [4, 2],
            [Index("x", "i"), To("i", "n", OnnxElementType.Int64), N("GatherND", ["table", "n"])],
            Values("table", 3, 3)
        );
        yield return new RowCase(
            "GatherND in rows",
            Independent,
            [4, 2],
            [Index("x", "i"), To("i", "n", OnnxElementType.Int64), N("GatherND", ["x", "n"], Of("batch_dims", 1))]
        );
        yield return new RowCase(
            "ScatterElements",
            Independent,
            Map,
            [
                Zeros("x", "i"),
                To("i", "n", OnnxElementType.Int64),
                OnnxNode.Create("Neg", ["x"], ["minus"]),
                N("ScatterElements", ["x", "n", "minus"], Of("axis", 2)),
            ]
        );
        yield return new RowCase(
            "Scatter",
            Independent,
            Map,
            [
                Zeros("x", "i"),
                To("i", "n", OnnxElementType.Int64),
                OnnxNode.Create("Neg", ["x"], ["minus"]),
                N("Scatter", ["x", "n", "minus"], Of("axis", 2)),
            ]
        )
        {
            Opset = 10,
        };
        yield return new RowCase(
            "Slice",
            Independent,
            Map,
            [N("Slice", ["x", "from", "to", "axes"])],
            Ints("from", 1),
            Ints("to", 3),
            Ints("axes", 1)
        );
        yield return new RowCase(
            "Slice of all rows",
            Independent,
            Map,
            [N("Slice", ["x", "from", "to", "axes", "steps"])],
            Ints("from", 0, 1),
            Ints("to", long.MaxValue, 3),
            Ints("axes", 0, 1),
            Ints("steps", 1, 1)
        );
        yield return new RowCase(
            "Slice of rows",
            Unknown,
            Map,
            [N("Slice", ["x", "from", "to", "axes"])],
            Ints("from", 0),
            Ints("to", 1),
            Ints("axes", 0)
        );
        yield return new RowCase(
            "Slice that turns rows round",
            Unknown,
            Map,
            [N("Slice", ["x", "from", "to", "axes", "steps"])],
            Ints("from", -1),
            Ints("to", long.MinValue),
            Ints("axes", 0),
            Ints("steps", -1)
        );
        yield return new RowCase(
            "OneHot",
            Independent,
            Map,
            [Index("x", "i"), To("i", "n", OnnxElementType.Int64), N("OneHot", ["n", "depth", "values"], Of("axis", 1))],
            Scalar("depth", 3),
            Floats("values", [2], 0, 1)
        );
    }

    private static IEnumerable<RowCase> Windows()
    {
        yield return new RowCase("Conv", Independent, Image, [N("Conv", ["x", "w", "b"])], Values("w", 3, 4, 3, 3), Values("b", 3));
        yield return new RowCase("Conv with rows for weights", Unknown, [4, 3, 3], [N("Conv", ["p", "x"])], Values("p", 1, 4, 6, 6));
        yield return new RowCase("ConvTranspose", Independent, Image, [N("ConvTranspose", ["x", "w"])], Values("w", 4, 3, 2, 2));
        yield return new RowCase(
            "DeformConv",
            Independent,
            Image,
            [OnnxNode.Create("Conv", ["x", "ow"], ["offset"]), N("DeformConv", ["x", "w", "offset"])],
            Values("w", 3, 4, 2, 2),
            Values("ow", 8, 4, 2, 2)
        )
        {
            Opset = 19,
        };
        foreach (
            (string op, OnnxAttribute[] attributes) in new (string, OnnxAttribute[])[]
            {
                ("AveragePool", [Of("kernel_shape", 2, 2)]),
                ("MaxPool", [Of("kernel_shape", 2, 2)]),
                ("LpPool", [Of("kernel_shape", 2, 2)]),
                ("GlobalAveragePool", []),
                ("GlobalMaxPool", []),
                ("GlobalLpPool", []),
                ("LRN", [Of("size", 3)]),
                ("DepthToSpace", [Of("blocksize", 2)]),
                ("SpaceToDepth", [Of("blocksize", 2)]),
            }
        )
            yield return new RowCase(op, Independent, Image, [N(op, ["x"], attributes)]);
        yield return new RowCase(
            "MaxPool's positions",
            Unknown,
            Image,
            [OnnxNode.Create("MaxPool", ["x"], ["m", "out"], Of("kernel_shape", 2, 2))]
        );
        yield return new RowCase(
            "MaxPool along the rows",
            Unknown,
            Image,
            [
                OnnxNode.Create("Transpose", ["x"], ["t"], Of("perm", 1, 2, 3, 0)),
                OnnxNode.Create("MaxPool", ["t"], ["m"], Of("kernel_shape", 1, 1)),
                N("Transpose", ["m"], Of("perm", 3, 0, 1, 2)),
            ]
        );
        yield return new RowCase(
            "InstanceNormalization",
            Independent,
            Image,
            [N("InstanceNormalization", ["x", "s", "b"])],
            Values("s", 4),
            Values("b", 4)
        );
        yield return new RowCase(
            "GroupNormalization",
            Independent,
            Image,
            [N("GroupNormalization", ["x", "s", "b"], Of("num_groups", 2))],
            Values("s", 4),
            Values("b", 4)
        )
        {
            Opset = 21,
        };
        yield return new RowCase(
            "GridSample",
            Independent,
            Image,
            [
                OnnxNode.Create("Slice", ["x", "from", "to", "axes"], ["cut"]),
                OnnxNode.Create("Transpose", ["cut"], ["grid"], Of("perm", 0, 2, 3, 1)),
                N("GridSample", ["x", "grid"]),
            ],
            Ints("from", 0),
            Ints("to", 2),
            Ints("axes", 1)
        );
        yield return new RowCase(
            "AffineGrid",
            Independent,
            [2, 3],
            [
                OnnxNode.Create("Shape", ["x"], ["s"], Of("end", 1)),
                OnnxNode.Create("Concat", ["s", "rest"], ["size"], Of("axis", 0)),
                N("AffineGrid", ["x", "size"]),
            ],
            Ints("rest", 1, 4, 4)
        )
        {
            Opset = 20,
        };
        yield return new RowCase("Resize by scales", Independent, Image, [N("Resize", ["x", "", "s"])], Floats("s", [4], 1, 1, 2, 2));
        yield return new RowCase(
            "Resize by computed scales",
            Independent,
            Image,
            [
                OnnxNode.Create("Sqrt", ["four"], ["scale"]),
                OnnxNode.Create("Concat", ["ones", "scale"], ["s"], Of("axis", 0)),
                N("Resize", ["x", "", "s"]),
            ],
            Floats("four", [2], 4, 4),
            Floats("ones", [2], 1, 1)
        );
        yield return new RowCase("Resize over channels", Independent, Image, [N("Resize", ["x", "", "s"])], Floats("s", [4], 1, 2, 1, 1));
        yield return new RowCase(
            "Resize by sizes",
            Independent,
            Image,
            [
                OnnxNode.Create("Shape", ["x"], ["s"]),
                OnnxNode.Create("Slice", ["s", "zero", "two"], ["front"]),
                OnnxNode.Create("Concat", ["front", "rest"], ["size"], Of("axis", 0)),
                N("Resize", ["x", "", "", "size"]),
            ],
            Ints("zero", 0),
            Ints("two", 2),
            Ints("rest", 9, 9)
        );
        yield return new RowCase("Upsample", Independent, Image, [N("Upsample", ["x", "s"])], Floats("s", [4], 1, 1, 2, 2)) { Opset = 9 };
    }

    private static IEnumerable<RowCase> Reductions()
    {
        foreach (
            string op in new[] { "L1", "L2", "LogSum", "LogSumExp", "Max", "Mean", "Min", "Prod", "Sum", "SumSquare" }.Select(name =>
                $"Reduce{name}"
            )
        )
        {
            bool asInput = op == "ReduceSum";
            RowCase Case(string name, RowVerdict verdict, OnnxAttribute[] attributes, params long[] axes) =>
                asInput
                    ? new RowCase($"{op} {name}", verdict, Map, [Positive, N(op, ["p", "axes"], attributes)], Ints("axes", axes))
                    : new RowCase(
                        $"{op} {name}",
                        verdict,
                        Map,
                        [Positive, N(op, ["p"], [.. attributes, .. axes.Length > 0 ? [Of("axes", axes)] : Array.Empty<OnnxAttribute>()])]
                    );
            yield return Case("of columns", Independent, [Of("keepdims", 0)], 2);
            yield return Case("of all but rows", Independent, [], -1, -2);
            yield return new RowCase(
                $"{op} over rows",
                Dependent,
                Map,
                [
                    Positive,
                    asInput ? OnnxNode.Create(op, ["p", "axes"], ["r"]) : OnnxNode.Create(op, ["p"], ["r"], Of("axes", [0L])),
                    N("Mul", ["x", "r"]),
                ],
                asInput ? [Ints("axes", 0)] : []
            );
            yield return new RowCase($"{op} of all", Dependent, Map, [Positive, OnnxNode.Create(op, ["p"], ["r"]), N("Mul", ["x", "r"])]);
        }
        foreach (string op in new[] { "ArgMax", "ArgMin" })
        {
            yield return new RowCase(op, Independent, Map, [N(op, ["x"], Of("axis", 1), Of("keepdims", 0))]);
            yield return new RowCase(
                $"{op} over rows",
                Dependent,
                Map,
                [OnnxNode.Create(op, ["x"], ["i"], Of("axis", 0)), To("i", "f", OnnxElementType.Float), N("Add", ["x", "f"])]
            );
        }
        yield return new RowCase("TopK", Independent, Map, [OnnxNode.Create("TopK", ["x", "k"], ["out", "i"])], Ints("k", 2));
        yield return new RowCase(
            "TopK over rows",
            Dependent,
            Map,
            [OnnxNode.Create("TopK", ["x", "k"], ["t", "i"], Of("axis", 0)), N("Add", ["x", "t"])],
            Ints("k", 1)
        );
        yield return new RowCase("CumSum", Independent, Map, [N("CumSum", ["x", "axis"])], Scalar("axis", 1));
        yield return new RowCase("CumSum over rows", Dependent, Map, [N("CumSum", ["x", "axis"])], Scalar("axis", 0));
        foreach (string op in new[] { "Softmax", "LogSoftmax", "Hardmax" })
        {
            yield return new RowCase(op, Independent, Map, [N(op, ["x"])]);
            yield return new RowCase($"{op} over rows", Dependent, Map, [N(op, ["x"], Of("axis", 0))]);
            yield return new RowCase($"{op} of opset 11", Independent, Map, [N(op, ["x"])]) { Opset = 11 };
            yield return new RowCase($"{op} of opset 11 over all", Dependent, Map, [N(op, ["x"], Of("axis", 0))]) { Opset = 11 };
        }
        yield return new RowCase("LpNormalization", Independent, Map, [N("LpNormalization", ["x"])]);
        yield return new RowCase("LpNormalization over rows", Dependent, Map, [N("LpNormalization", ["x"], Of("axis", 0))]);
        yield return new RowCase("LayerNormalization", Independent, Map, [N("LayerNormalization", ["x", "s"])], Values("s", 6));
        yield return new RowCase(
            "LayerNormalization over rows",
            Dependent,
            Flat,
            [OnnxNode.Create("Transpose", ["x"], ["t"]), OnnxNode.Create("LayerNormalization", ["t", "s"], ["l"]), N("Transpose", ["l"])],
            Floats("s", [1], 1)
        );
        yield return new RowCase(
            "SimplifiedLayerNormalization",
            Independent,
            Map,
            [N("SimplifiedLayerNormalization", ["x", "s"])],
            Values("s", 6)
        );
        yield return new RowCase("MeanVarianceNormalization", Dependent, Image, [N("MeanVarianceNormalization", ["x"])]);
        yield return new RowCase(
            "MeanVarianceNormalization of images",
            Independent,
            Image,
            [N("MeanVarianceNormalization", ["x"], Of("axes", 1, 2, 3))]
        );
        OnnxTensor[] norm = [Values("s", 4), Values("b", 4), Values("m", 4), Floats("v", [4], 1, 2, 3, 4)];
        yield return new RowCase("BatchNormalization", Independent, Image, [N("BatchNormalization", ["x", "s", "b", "m", "v"])], norm);
        yield return new RowCase(
            "BatchNormalization in training",
            Dependent,
            Image,
            [OnnxNode.Create("BatchNormalization", ["x", "s", "b", "m", "v"], ["out", "mean", "variance"], Of("training_mode", 1))],
            norm
        );
    }

    private static IEnumerable<RowCase> Matrices()
    {
        yield return new RowCase("MatMul", Independent, Map, [N("MatMul", ["x", "w"])], Values("w", 6, 3));
        yield return new RowCase("MatMul of vectors", Independent, Flat, [N("MatMul", ["x", "w"])], Values("w", 4, 3));
        yield return new RowCase("MatMul from the left", Independent, Map, [N("MatMul", ["w", "x"])], Values("w", 3, 4));
        yield return new RowCase(
            "MatMul of rows and rows",
            Independent,
            Map,
            [OnnxNode.Create("Transpose", ["x"], ["t"], Of("perm", 0, 2, 1)), N("MatMul", ["x", "t"])]
        );
        yield return new RowCase(
            "MatMul of all pairs",
            Unknown,
            Flat,
            [OnnxNode.Create("Transpose", ["x"], ["t"]), N("MatMul", ["x", "t"])]
        );
        yield return new RowCase(
            "MatMul over rows",
            Dependent,
            Flat,
            [
                OnnxNode.Create("Transpose", ["x"], ["t"]),
                OnnxNode.Create("Shape", ["x"], ["s"], Of("end", 1)),
                OnnxNode.Create("ConstantOfShape", ["s"], ["z"], Of("value", Floats("", [1], 1))),
                OnnxNode.Create("Unsqueeze", ["z", "one"], ["ones"]),
                OnnxNode.Create("MatMul", ["t", "ones"], ["c"]),
                OnnxNode.Create("Transpose", ["c"], ["r"]),
                N("Add", ["x", "r"]),
            ],
            Ints("one", 1)
        );
        yield return new RowCase(
            "Gemm",
            Independent,
            Flat,
            [N("Gemm", ["x", "w", "c"], Of("transB", 1))],
            Values("w", 3, 4),
            Values("c", 3)
        );
        yield return new RowCase(
            "Gemm of turned rows",
            Independent,
            Flat,
            [OnnxNode.Create("Transpose", ["x"], ["t"]), N("Gemm", ["t", "w"], Of("transA", 1))],
            Values("w", 4, 3)
        );
        yield return new RowCase(
            "Gemm from the left",
            Independent,
            Flat,
            [OnnxNode.Create("Gemm", ["w", "x"], ["g"], Of("transB", 1)), N("Transpose", ["g"])],
            Values("w", 3, 4)
        );
        yield return new RowCase("Einsum", Independent, Map, [N("Einsum", ["x", "w"], Of("equation", "bij,jk->bik"))], Values("w", 6, 3));
        yield return new RowCase(
            "Einsum over rows",
            Dependent,
            Map,
            [OnnxNode.Create("Einsum", ["x"], ["e"], Of("equation", "bij->ij")), N("Add", ["x", "e"])]
        );
        yield return new RowCase("Einsum of rows and rows", Independent, Map, [N("Einsum", ["x", "x"], Of("equation", "bij,bkj->bik"))]);
    }

    private static IEnumerable<RowCase> Recurrent()
    {
        foreach ((string op, int gates) in new[] { ("RNN", 1), ("GRU", 3), ("LSTM", 4) })
        {
            OnnxTensor[] weights = [Values("w", 1, gates * 3, 6), Values("r", 1, gates * 3, 3)];
            yield return new RowCase(
                op,
                Independent,
                Map,
                [
                    OnnxNode.Create("Transpose", ["x"], ["t"], Of("perm", 1, 0, 2)),
                    OnnxNode.Create(op, ["t", "w", "r"], ["h", "last"], Of("hidden_size", 3)),
                    N("Transpose", ["h"], Of("perm", 2, 0, 1, 3)),
                ],
                weights
            );
            yield return new RowCase(
                $"{op}'s last state",
                Independent,
                Map,
                [
                    OnnxNode.Create("Transpose", ["x"], ["t"], Of("perm", 1, 0, 2)),
                    OnnxNode.Create(op, ["t", "w", "r"], ["h", "last"], Of("hidden_size", 3)),
                    N("Transpose", ["last"], Of("perm", 1, 0, 2)),
                ],
                weights
            );
            yield return new RowCase($"{op} over rows", Dependent, Map, [N(op, ["x", "w", "r"], Of("hidden_size", 3))], weights);
        }
    }

    private static IEnumerable<RowCase> Quantized()
    {
        OnnxTensor scale = Floats("s", [], 0.05f),
            zero = Bytes("z", [], 128);
        yield return new RowCase(
            "QuantizeLinear and back",
            Independent,
            Map,
            [OnnxNode.Create("QuantizeLinear", ["x", "s", "z"], ["q"]), N("DequantizeLinear", ["q", "s", "z"])],
            scale,
            zero
        );
        yield return new RowCase(
            "DynamicQuantizeLinear",
            Dependent,
            Map,
            [OnnxNode.Create("DynamicQuantizeLinear", ["x"], ["q", "qs", "qz"]), N("DequantizeLinear", ["q", "qs", "qz"])]
        );
        yield return new RowCase(
            "QLinearConv",
            Independent,
            Image,
            [OnnxNode.Create("QuantizeLinear", ["x", "s", "z"], ["q"]), N("QLinearConv", ["q", "s", "z", "w", "s", "z", "s", "z"])],
            scale,
            zero,
            Bytes("w", [2, 4, 3, 3], 130)
        );
        yield return new RowCase(
            "ConvInteger",
            Independent,
            Image,
            [OnnxNode.Create("QuantizeLinear", ["x", "s", "z"], ["q"]), N("ConvInteger", ["q", "w", "z"])],
            scale,
            zero,
            Bytes("w", [2, 4, 3, 3], 3)
        );
        yield return new RowCase(
            "MatMulInteger",
            Independent,
            Map,
            [OnnxNode.Create("QuantizeLinear", ["x", "s", "z"], ["q"]), N("MatMulInteger", ["q", "w", "z"])],
            scale,
            zero,
            Bytes("w", [6, 2], 3)
        );
        yield return new RowCase(
            "QLinearMatMul",
            Independent,
            Map,
            [OnnxNode.Create("QuantizeLinear", ["x", "s", "z"], ["q"]), N("QLinearMatMul", ["q", "s", "z", "w", "s", "z", "s", "z"])],
            scale,
            zero,
            Bytes("w", [6, 2], 130)
        );
        foreach (string op in new[] { "Bernoulli", "RandomNormalLike", "RandomUniformLike" })
            yield return new RowCase(op, Dependent, Map, [OnnxNode.Create("Sigmoid", ["x"], ["p"]), N(op, ["p"])]);
        yield return new RowCase("Multinomial", Dependent, Flat, [N("Multinomial", ["x"], Of("sample_size", 20))]);
        foreach (string op in new[] { "RandomNormal", "RandomUniform" })
            yield return new RowCase(op, Dependent, Map, [OnnxNode.Create(op, [], ["r"], Of("shape", 1, 4, 6)), N("Add", ["x", "r"])]);
    }

    private static IEnumerable<RowCase> OfMicrosoft()
    {
        OnnxTensor scale = Floats("s", [], 0.05f),
            zero = Bytes("z", [], 128);
        yield return new RowCase("Gelu of Microsoft", Independent, Map, [M("Gelu", ["x"])]);
        yield return new RowCase("QuickGelu", Independent, Map, [M("QuickGelu", ["x"])]);
        yield return new RowCase("FastGelu", Independent, Map, [M("FastGelu", ["x", "b"])], Values("b", 6));
        yield return new RowCase("BiasGelu", Independent, Map, [M("BiasGelu", ["x", "b"])], Values("b", 6));
        yield return new RowCase(
            "quantized elementwise of Microsoft",
            Independent,
            Map,
            [
                OnnxNode.Create("QuantizeLinear", ["x", "s", "z"], ["q"]) with
                {
                    Domain = Microsoft,
                },
                OnnxNode.Create("QLinearSigmoid", ["q", "s", "z", "s", "z"], ["a"]) with
                {
                    Domain = Microsoft,
                },
                OnnxNode.Create("QLinearLeakyRelu", ["q", "s", "z", "s", "z"], ["b"]) with
                {
                    Domain = Microsoft,
                },
                OnnxNode.Create("QLinearAdd", ["a", "s", "z", "b", "s", "z", "s", "z"], ["c"]) with
                {
                    Domain = Microsoft,
                },
                OnnxNode.Create("QLinearMul", ["c", "s", "z", "b", "s", "z", "s", "z"], ["d"]) with
                {
                    Domain = Microsoft,
                },
                OnnxNode.Create("QLinearConcat", ["s", "z", "c", "s", "z", "d", "s", "z"], ["e"], Of("axis", 1)) with
                {
                    Domain = Microsoft,
                },
                OnnxNode.Create("QLinearSoftmax", ["e", "s", "z", "s", "z"], ["f"], Of("opset", 13), Of("axis", -1)) with
                {
                    Domain = Microsoft,
                },
                M("DequantizeLinear", ["f", "s", "z"]),
            ],
            scale,
            zero
        );
        yield return new RowCase(
            "QLinearSoftmax over rows",
            Dependent,
            Map,
            [
                OnnxNode.Create("QuantizeLinear", ["x", "s", "z"], ["q"]),
                M("QLinearSoftmax", ["q", "s", "z", "o", "z0"], Of("opset", 13), Of("axis", 0)),
            ],
            scale,
            zero,
            Floats("o", [], 1 / 255f),
            Bytes("z0", [], 0)
        );
        yield return new RowCase(
            "FusedConv",
            Independent,
            Image,
            [M("FusedConv", ["x", "w", "b"], Of("activation", "Relu"))],
            Values("w", 3, 4, 3, 3),
            Values("b", 3)
        );
        yield return new RowCase(
            "QLinearAveragePool",
            Independent,
            Image,
            [
                OnnxNode.Create("QuantizeLinear", ["x", "s", "z"], ["q"]),
                OnnxNode.Create("QLinearAveragePool", ["q", "s", "z", "s", "z"], ["p"], Of("kernel_shape", 2, 2)) with
                {
                    Domain = Microsoft,
                },
                M("QLinearGlobalAveragePool", ["p", "s", "z", "s", "z"]),
            ],
            scale,
            zero
        );
        yield return new RowCase(
            "NhwcMaxPool",
            Independent,
            Image,
            [OnnxNode.Create("QuantizeLinear", ["x", "s", "z"], ["q"]), M("NhwcMaxPool", ["q"], Of("kernel_shape", 2, 2))],
            scale,
            zero
        );
        yield return new RowCase(
            "QLinearConv of Microsoft",
            Independent,
            Image,
            [
                OnnxNode.Create("QuantizeLinear", ["x", "s", "z"], ["q"]),
                M("QLinearConv", ["q", "s", "z", "w", "s", "z", "s", "z"], Of("channels_last", 1)),
            ],
            scale,
            zero,
            Bytes("w", [2, 6, 3, 3], 130)
        );
        yield return new RowCase(
            "Attention of Microsoft",
            Independent,
            Map,
            [M("Attention", ["x", "w", "b"], Of("num_heads", 2))],
            Values("w", 6, 18),
            Values("b", 18)
        );
        yield return new RowCase("MultiHeadAttention", Independent, Map, [M("MultiHeadAttention", ["x", "x", "x"], Of("num_heads", 2))]);
        yield return new RowCase(
            "GridSample of Microsoft",
            Independent,
            Image,
            [
                OnnxNode.Create("Slice", ["x", "from", "to", "axes"], ["cut"]),
                OnnxNode.Create("Transpose", ["cut"], ["grid"], Of("perm", 0, 2, 3, 1)),
                M("GridSample", ["x", "grid"]),
            ],
            Ints("from", 0),
            Ints("to", 2),
            Ints("axes", 1)
        );
        yield return new RowCase(
            "SkipLayerNormalization",
            Independent,
            Map,
            [
                OnnxNode.Create("Neg", ["x"], ["minus"]),
                OnnxNode.Create("Relu", ["minus"], ["r"]),
                M("SkipLayerNormalization", ["x", "r", "g"]),
            ],
            Values("g", 6)
        );
        yield return new RowCase(
            "SkipSimplifiedLayerNormalization",
            Independent,
            Map,
            [OnnxNode.Create("Relu", ["x"], ["r"]), M("SkipSimplifiedLayerNormalization", ["x", "r", "g"])],
            Values("g", 6)
        );
        yield return new RowCase(
            "FusedGemm",
            Independent,
            Flat,
            [M("FusedGemm", ["x", "w", "c"], Of("activation", "Relu"))],
            Values("w", 4, 3),
            Values("c", 3)
        );
        yield return new RowCase("FusedMatMul", Independent, Map, [M("FusedMatMul", ["x", "w"], Of("alpha", 0.5f))], Values("w", 6, 3));
        yield return new RowCase("FusedMatMul turned", Unknown, Map, [M("FusedMatMul", ["x", "x"], Of("transA", 1))]);
        yield return new RowCase(
            "MatMulIntegerToFloat",
            Independent,
            Map,
            [OnnxNode.Create("QuantizeLinear", ["x", "s", "z"], ["q"]), M("MatMulIntegerToFloat", ["q", "w", "s", "s", "z", "z"])],
            scale,
            zero,
            Bytes("w", [6, 2], 3)
        );
        yield return new RowCase(
            "QGemm",
            Independent,
            Flat,
            [OnnxNode.Create("QuantizeLinear", ["x", "s", "z"], ["q"]), M("QGemm", ["q", "s", "z", "w", "s", "z", "", "s", "z"])],
            scale,
            zero,
            Bytes("w", [4, 2], 130)
        );
        yield return new RowCase(
            "MatMulNBits",
            Independent,
            [2, 32],
            [M("MatMulNBits", ["x", "w", "ws"], Of("K", 32), Of("N", 2), Of("bits", 4), Of("block_size", 32))],
            Bytes("w", [2, 1, 16], 0x5A),
            Floats("ws", [2], 0.1f, 0.2f)
        );
        yield return new RowCase(
            "DynamicQuantizeMatMul",
            Dependent,
            Map,
            [M("DynamicQuantizeMatMul", ["x", "w", "s1"])],
            Bytes("w", [6, 2], 3),
            Floats("s1", [1], 0.1f)
        );
        yield return new RowCase(
            "DynamicQuantizeLSTM",
            Dependent,
            Map,
            [
                OnnxNode.Create("Transpose", ["x"], ["t"], Of("perm", 1, 0, 2)),
                OnnxNode.Create(
                    "DynamicQuantizeLSTM",
                    ["t", "w", "r", "", "", "", "", "", "ws", "wz", "ws", "wz"],
                    ["h"],
                    Of("hidden_size", 2)
                ) with
                {
                    Domain = Microsoft,
                },
                N("Transpose", ["h"], Of("perm", 2, 0, 1, 3)),
            ],
            Bytes("w", [1, 6, 8], 140),
            Bytes("r", [1, 2, 8], 120),
            Floats("ws", [1], 0.02f),
            Bytes("wz", [1], 128)
        );
        yield return new RowCase(
            "operator that is not known",
            Unknown,
            Map,
            [
                OnnxNode.Create("Transpose", ["x"], ["t"], Of("perm", 0, 2, 1)),
                OnnxNode.Create("MatMul", ["x", "t"], ["p"]),
                OnnxNode.Create("Add", ["p", "eye"], ["square"]),
                M("Inverse", ["square"]),
            ],
            Floats("eye", [4, 4], 9, 0, 0, 0, 0, 9, 0, 0, 0, 0, 9, 0, 0, 0, 0, 9)
        );
    }

    private static IEnumerable<RowCase> OfMachineLearning()
    {
        yield return new RowCase(
            "Scaler",
            Independent,
            Flat,
            [L("Scaler", ["x"], Of("offset", 0.1f, 0.2f, 0.3f, 0.4f), Of("scale", 1f, 2f, 3f, 4f))]
        );
        yield return new RowCase("Normalizer", Independent, Flat, [L("Normalizer", ["x"], Of("norm", "L2"))]);
        yield return new RowCase("Binarizer", Independent, Flat, [L("Binarizer", ["x"], Of("threshold", 0.1f))]);
        yield return new RowCase(
            "Imputer",
            Independent,
            Flat,
            [L("Imputer", ["x"], Of("imputed_value_floats", [0.5f]), Of("replaced_value_float", 0f))]
        );
        yield return new RowCase("ArrayFeatureExtractor", Independent, Flat, [L("ArrayFeatureExtractor", ["x", "i"])], Ints("i", 2));
        yield return new RowCase(
            "LinearRegressor",
            Independent,
            Flat,
            [L("LinearRegressor", ["x"], Of("coefficients", 1f, 2f, 3f, 4f), Of("intercepts", [0.5f]), Of("targets", 1))]
        );
        yield return new RowCase(
            "LabelEncoder",
            Independent,
            Flat,
            [
                Index("x", "i"),
                To("i", "n", OnnxElementType.Int64),
                L("LabelEncoder", ["n"], Of("keys_int64s", 0, 1, 2), Of("values_floats", 5f, 6f, 7f)),
            ]
        );
    }

    private static OnnxNode Positive => OnnxNode.Create("Exp", ["x"], ["p"]);

    private static OnnxNode N(string op, string[] inputs, params OnnxAttribute[] attributes) =>
        OnnxNode.Create(op, inputs, ["out"], attributes);

    private static OnnxNode M(string op, string[] inputs, params OnnxAttribute[] attributes) =>
        N(op, inputs, attributes) with
        {
            Domain = Microsoft,
        };

    private static OnnxNode L(string op, string[] inputs, params OnnxAttribute[] attributes) =>
        N(op, inputs, attributes) with
        {
            Domain = Learning,
        };

    private static OnnxNode To(string from, string to, OnnxElementType type) => OnnxNode.Create("Cast", [from], [to], Of("to", (long)type));

    /// <summary>0 or 1, where it is cast to whole numbers.</summary>
    private static OnnxNode Index(string from, string to) =>
        OnnxNode.Create("HardSigmoid", [from], [to], Of("alpha", 2f), Of("beta", 0.5f));

    private static OnnxNode Zeros(string from, string to) => OnnxNode.Create("IsNaN", [from], [to]);

    private static OnnxTensor Floats(string name, long[] shape, params float[] values) => OnnxTensor.FromFloats(name, shape, values);

    private static OnnxTensor Values(string name, params long[] shape) => DrawnTensor.Normal(name, seed: name.Length + shape.Length, shape);

    private static OnnxTensor Ints(string name, params long[] values) => OnnxTensor.FromInt64s(name, [values.Length], values);

    private static OnnxTensor Ints32(string name, int value) => OnnxTensor.FromArray(name, OnnxElementType.Int32, [], new[] { value });

    private static OnnxTensor Scalar(string name, long value) => OnnxTensor.FromInt64s(name, [], [value]);

    private static OnnxTensor Bools(string name, bool value) => OnnxTensor.FromArray(name, OnnxElementType.Bool, [], new[] { value });

    private static OnnxTensor Bytes(string name, long[] shape, byte value) =>
        OnnxTensor.FromArray(
            name,
            OnnxElementType.UInt8,
            shape,
            Enumerable.Repeat(value, (int)shape.Aggregate(1L, (a, b) => a * b)).Select((v, i) => (byte)(v + (i % 5))).ToArray()
        );
}
