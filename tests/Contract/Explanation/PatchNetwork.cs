using Microsoft.ML;
using MLNetExtensions.Explanation.Networks;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.TrainingContract.Explanation;

/// <summary>A network that tells how much red and how much blue is in an image, and images with one patch of each.</summary>
internal static class PatchNetwork
{
    public const int Side = 32,
        Patch = 8;

    public static OnnxGraph Graph() =>
        new()
        {
            Opsets = new Dictionary<string, int> { [""] = 17 },
            Inputs = [OnnxValue.Create("x", OnnxElementType.Float, -1, 3, Side, Side)],
            Outputs = [OnnxValue.Create("logits", OnnxElementType.Float, -1, 2)],
            Nodes =
            [
                OnnxNode.Create("Conv", ["x", "colors"], ["color"]),
                OnnxNode.Create("Relu", ["color"], ["seen"]),
                OnnxNode.Create("GlobalAveragePool", ["seen"], ["pool"]),
                OnnxNode.Create("Flatten", ["pool"], ["logits"]),
            ],
            // Red without blue, and blue without red.
            Initializers = new Dictionary<string, OnnxTensor>
            {
                ["colors"] = OnnxTensor.FromFloats("colors", [2, 3, 1, 1], [1, 0, -1, -1, 0, 1]),
            },
        };

    public static AttributionSetting Setting() =>
        new(new MLContext(1), new ExplainedNetwork(Graph()), RuntimeUnderTest.Create, BatchSize: 32, Seed: 1);

    /// <summary>Gray noise with a red patch and a blue one.</summary>
    public static float[] Image((int X, int Y) red, (int X, int Y) blue)
    {
        var random = new Random(7);
        var image = new float[3 * Side * Side];
        for (int i = 0; i < Side * Side; i++)
            image[i] = image[(Side * Side) + i] = image[(2 * Side * Side) + i] = random.Next(100, 150);
        for (int y = 0; y < Patch; y++)
        for (int x = 0; x < Patch; x++)
        {
            image[((red.Y + y) * Side) + red.X + x] = 255;
            image[(2 * Side * Side) + ((blue.Y + y) * Side) + blue.X + x] = 255;
        }
        return image;
    }

    /// <summary>True if most of a map's largest values (a superpixel has many) lie in a patch.</summary>
    public static bool IsInside(AttributionMap map, (int X, int Y) patch)
    {
        float largest = map.Values.Max();
        int[] places = [.. Enumerable.Range(0, map.Values.Length).Where(i => map.Values[i] == largest)];
        return 2 * places.Count(IsIn) > places.Length;

        bool IsIn(int place)
        {
            double x = ((place % map.Width) + 0.5) * Side / map.Width,
                y = ((place / map.Width) + 0.5) * Side / map.Height;
            return x > patch.X && x < patch.X + Patch && y > patch.Y && y < patch.Y + Patch;
        }
    }
}
