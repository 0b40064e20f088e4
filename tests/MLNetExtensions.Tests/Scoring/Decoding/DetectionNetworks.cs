using MLNetExtensions.Onnx;
using MLNetExtensions.TestData.Graphs;

namespace MLNetExtensions.Tests.Scoring.Decoding;

/// <summary>Detection networks of 62 x 62 pixels that find what they are told to.</summary>
internal static class DetectionNetworks
{
    /// <summary>A YOLO network that finds the same in every image.</summary>
    public static OnnxGraph Yolo(float[][] found, bool boxesFirst, int boxes)
    {
        int values = found[0].Length;
        var all = new float[boxes * values];
        for (int box = 0; box < found.Length; box++)
        for (int i = 0; i < values; i++)
            all[boxesFirst ? (box * values) + i : (i * boxes) + box] = found[box][i];
        return Of(0, ("output", boxesFirst ? [1, boxes, values] : [1, values, boxes], all));
    }

    /// <summary>Outputs of constants plus so many times the image's sum.</summary>
    public static OnnxGraph Of(float share, params (string Name, long[] Shape, float[] Values)[] outputs) => Of(share, -1, outputs);

    /// <summary>The same for a batch, or any where it is -1.</summary>
    public static OnnxGraph Of(float share, long batch, params (string Name, long[] Shape, float[] Values)[] outputs) =>
        SmallModels.Create(
            [OnnxValue.Create("image", OnnxElementType.Float, batch, 3, 62, 62)],
            [.. outputs.Select(o => OnnxValue.Create(o.Name, OnnxElementType.Float, [batch, .. o.Shape[1..]]))],
            [
                OnnxNode.Create("ReduceSum", ["image", "axes"], ["sum"], OnnxAttribute.Of("keepdims", 0L)),
                OnnxNode.Create("Mul", ["sum", "share"], ["shift"]),
                .. outputs.SelectMany(o =>
                    (OnnxNode[])
                        [
                            OnnxNode.Create("Reshape", ["shift", o.Name + ".shape"], [o.Name + ".shift"]),
                            OnnxNode.Create("Add", [o.Name + ".constant", o.Name + ".shift"], [o.Name]),
                        ]
                ),
            ],
            [
                OnnxTensor.FromInt64s("axes", [3], [1, 2, 3]),
                OnnxTensor.FromFloats("share", [1], [share]),
                .. outputs.Select(o => OnnxTensor.FromFloats(o.Name + ".constant", o.Shape, o.Values)),
                .. outputs.Select(o =>
                    OnnxTensor.FromInt64s(o.Name + ".shape", [o.Shape.Length], [-1, .. Enumerable.Repeat(1L, o.Shape.Length - 1)])
                ),
            ]
        );
}
