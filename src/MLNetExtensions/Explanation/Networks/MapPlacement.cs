namespace MLNetExtensions.Explanation.Networks;

/// <summary>Brings maps to the size of images.</summary>
internal static class MapPlacement
{
    /// <summary>Interpolates a map between the centers of its places, as PyTorch does with align_corners=False.</summary>
    /// <param name="map">Row by row.</param>
    /// <param name="width">The map's width.</param>
    /// <param name="height">The map's height.</param>
    /// <param name="newWidth">The width of the result.</param>
    /// <param name="newHeight">The height of the result.</param>
    public static float[] Resize(ReadOnlySpan<float> map, int width, int height, int newWidth, int newHeight)
    {
        if ((width, height) == (newWidth, newHeight))
            return map.ToArray();
        var result = new float[newWidth * newHeight];
        for (int y = 0; y < newHeight; y++)
        {
            (int top, int bottom, double downwards) = Between(y, newHeight, height);
            for (int x = 0; x < newWidth; x++)
            {
                (int left, int right, double rightwards) = Between(x, newWidth, width);
                double upper = map[(top * width) + left] + (rightwards * (map[(top * width) + right] - map[(top * width) + left])),
                    lower = map[(bottom * width) + left] + (rightwards * (map[(bottom * width) + right] - map[(bottom * width) + left]));
                result[(y * newWidth) + x] = (float)(upper + (downwards * (lower - upper)));
            }
        }
        return result;
    }

    /// <summary>A map in the size of the model's canvas: a layer's lies on what the network sees, the rest is zero.</summary>
    public static float[] OnCanvas(AttributionMap map, ExplainableModel model)
    {
        if (!map.IsOfLayer)
            return map.Values;
        float[] crop = Resize(map.Values, map.Width, map.Height, model.CropWidth, model.CropHeight);
        if ((model.CropWidth, model.CropHeight) == (model.Width, model.Height))
            return crop;
        var canvas = new float[model.Width * model.Height];
        for (int y = 0; y < model.CropHeight; y++)
            crop.AsSpan(y * model.CropWidth, model.CropWidth).CopyTo(canvas.AsSpan(((model.CropTop + y) * model.Width) + model.CropLeft));
        return canvas;
    }

    private static (int Before, int Behind, double Fraction) Between(int place, int places, int side)
    {
        double at = Math.Max(((place + 0.5) * side / places) - 0.5, 0);
        int before = Math.Min((int)at, side - 1);
        return (before, Math.Min(before + 1, side - 1), at - before);
    }
}
