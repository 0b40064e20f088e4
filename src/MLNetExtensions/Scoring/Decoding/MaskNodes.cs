using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Scoring.Decoding;

/// <summary>The way from a network's mask to the image's (<see cref="MaskRule.Restore"/>), as nodes of a graph.</summary>
/// <param name="end">Receives the nodes.</param>
/// <param name="rule">The way images are resized to the network's size.</param>
internal sealed class MaskNodes(GraphEnd end, MaskRule rule)
{
    /// <summary>Adds the nodes.</summary>
    /// <param name="output">The name of the mask to make, UInt8 [batch, height, width]. All images of a batch are as large as the first.</param>
    /// <param name="mask">The network's mask, UInt8 [batch, rule's height, rule's width].</param>
    /// <param name="size">The images' widths and heights, Float [batch, 2].</param>
    public void Add(string output, string mask, string size)
    {
        string width = Side(size, 0),
            height = Side(size, 1);
        (string place, string drawn)[] letterbox = Letterbox(width, height);
        string rows = Nearest(height, letterbox[1].place, letterbox[1].drawn, rule.Height),
            columns = Nearest(width, letterbox[0].place, letterbox[0].drawn, rule.Width);
        end.AddAs(output, "Gather", [end.Add("Gather", [mask, rows], OnnxAttribute.Of("axis", 1L)), columns], OnnxAttribute.Of("axis", 2L));
    }

    /// <summary>The columns, then the rows that an image fills: the first one, and how many, Double [1]. As <see cref="Imaging.Boxes.Letterbox"/>
    /// has them.</summary>
    private (string Place, string Drawn)[] Letterbox(string width, string height)
    {
        if (rule.ResizeMode == ImageResizeMode.Stretch)
            return [(Doubles("first", 0), Doubles("width", rule.Width)), (Doubles("first", 0), Doubles("height", rule.Height))];
        string ofWidth = end.Add("Div", [Floats("width", rule.Width), width]),
            ofHeight = end.Add("Div", [Floats("height", rule.Height), height]);
        string aspect = end.Add(rule.ResizeMode == ImageResizeMode.Pad ? "Min" : "Max", [ofWidth, ofHeight]);
        return [Along(width, rule.Width), Along(height, rule.Height)];

        (string, string) Along(string side, int canvas)
        {
            string drawn = end.Add("Mul", [side, aspect]);
            string rest = end.Add("Mul", [end.Add("Sub", [Floats("canvas", canvas), drawn]), Floats("half", 0.5f)]);
            return (Whole(rest), end.Add("Max", [Whole(drawn), Doubles("least", 1)]));
        }
    }

    /// <summary>Of each of the image's rows or columns, the network's whose center is nearest, Int64.</summary>
    private string Nearest(string side, string place, string drawn, int canvas)
    {
        string count = end.Add("Cast", [side], To(OnnxElementType.Double));
        string scalar = end.Add("Reshape", [count, end.Constant(OnnxTensor.FromInt64s("scalar", [0], []))]);
        string zero = Double("start", [], 0),
            one = Double("step", [], 1);
        string centers = end.Add("Add", [end.Add("Range", [zero, scalar, one]), Doubles("half", 0.5)]);
        string scale = end.Add("Div", [Doubles("one", 1), end.Add("Div", [drawn, count])]);
        string nearest = end.Add("Min", [end.Add("Floor", [end.Add("Div", [centers, scale])]), end.Add("Sub", [drawn, Doubles("one", 1)])]);
        string within = end.Add(
            "Min",
            [end.Add("Max", [end.Add("Add", [nearest, place]), Doubles("edge", 0)]), Doubles("last", canvas - 1)]
        );
        return end.Add("Cast", [within], To(OnnxElementType.Int64));
    }

    // As casts in C# do, towards zero.
    private string Whole(string value) =>
        end.Add("Cast", [end.Add("Cast", [value], To(OnnxElementType.Int64))], To(OnnxElementType.Double));

    private string Side(string size, long axis)
    {
        string first = end.Add(
            "Reshape",
            [
                end.Add("Gather", [size, end.Constant(OnnxTensor.FromInt64s("first", [1], [0]))], OnnxAttribute.Of("axis", 0L)),
                end.Constant(OnnxTensor.FromInt64s("pair", [1], [2])),
            ]
        );
        string side = end.Add("Gather", [first, end.Constant(OnnxTensor.FromInt64s("side", [1], [axis]))], OnnxAttribute.Of("axis", 0L));
        // An image without pixels was scored as one.
        return end.Add("Max", [side, Floats("least", 1)]);
    }

    private static OnnxAttribute To(OnnxElementType type) => OnnxAttribute.Of("to", (long)type);

    private string Floats(string name, float value) => end.Constant(OnnxTensor.FromFloats(name, [1], [value]));

    private string Doubles(string name, double value) => Double(name, [1], value);

    private string Double(string name, long[] shape, double value) =>
        end.Constant(OnnxTensor.FromArray(name, OnnxElementType.Double, shape, [value]));
}
