using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Scoring.Decoding;

/// <summary>The way from a network's pixels to those of images (<see cref="ImageFrame.InImage"/>), as nodes of a graph.</summary>
/// <param name="end">Receives the nodes.</param>
/// <param name="frame">The position of the network's pixels in an image.</param>
internal sealed class ImageFrameNodes(GraphEnd end, ImageFrame frame)
{
    /// <summary>Adds the nodes.</summary>
    /// <param name="boxes">Float [batch, objects, 4]: left, top, right, bottom, in the network's pixels.</param>
    /// <param name="size">The images' widths and heights, Float [batch, 2].</param>
    /// <returns>The boxes in the images' pixels, cut at their edges.</returns>
    public string InImage(string boxes, string size)
    {
        // An image without pixels was scored as one.
        string whole = end.Add("Max", [size, Numbers("least", [1], 1)]);
        string canvas = Numbers("canvas", [1, 2], frame.CanvasWidth, frame.CanvasHeight);
        string scale = end.Add("Div", [canvas, whole]);
        if (frame.ResizeMode != ImageResizeMode.Stretch)
            scale = end.Add(frame.ResizeMode == ImageResizeMode.Pad ? "Min" : "Max", [Side(scale, 0), Side(scale, 1)]);
        string rest = end.Add("Sub", [canvas, end.Add("Mul", [whole, scale])]);
        string corner = end.Add(
            "Sub",
            [end.Add("Mul", [rest, Numbers("half", [1], 0.5f)]), Numbers("crop", [1, 2], frame.CropLeft, frame.CropTop)]
        );
        string scaled = end.Add(
            "Div",
            [
                end.Add("Sub", [boxes, ForEdges(corner)]),
                frame.ResizeMode == ImageResizeMode.Stretch ? ForEdges(scale) : end.Add("Reshape", [scale, Shape(-1, 1, 1)]),
            ]
        );
        return end.Add("Min", [end.Add("Max", [scaled, Numbers("edge", [1], 0)]), ForEdges(whole)]);
    }

    /// <summary>Values for columns and rows as values for left, top, right and bottom, [batch, 1, 4].</summary>
    private string ForEdges(string values) =>
        end.Add("Reshape", [end.Add("Concat", [values, values], OnnxAttribute.Of("axis", 1L)), Shape(-1, 1, 4)]);

    private string Side(string values, long axis) =>
        end.Add("Gather", [values, end.Constant(OnnxTensor.FromInt64s("side", [1], [axis]))], OnnxAttribute.Of("axis", 1L));

    private string Shape(params long[] sizes) => end.Constant(OnnxTensor.FromInt64s("shape", [sizes.Length], sizes));

    private string Numbers(string name, long[] shape, params float[] values) => end.Constant(OnnxTensor.FromFloats(name, shape, values));
}
