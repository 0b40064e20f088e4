namespace MLNetExtensions.Onnx.Networks.Detection;

/// <summary>The centers of the cells of several maps, one map after another: where a detector may find an object.</summary>
internal sealed class AnchorPoints
{
    /// <param name="maps">The maps.</param>
    public AnchorPoints(IReadOnlyList<FeatureMap> maps)
    {
        Count = maps.Sum(map => map.Height * map.Width);
        (X, Y, Strides) = (new float[Count], new float[Count], new float[Count]);
        int anchor = 0;
        foreach (FeatureMap map in maps)
            for (int row = 0; row < map.Height; row++)
            for (int column = 0; column < map.Width; column++, anchor++)
                (X[anchor], Y[anchor], Strides[anchor]) = ((column + 0.5f) * map.Stride, (row + 0.5f) * map.Stride, map.Stride);
    }

    /// <summary>The number of points.</summary>
    public int Count { get; }

    /// <summary>Their columns, in the image's pixels.</summary>
    public float[] X { get; }

    /// <summary>Their rows, in the image's pixels.</summary>
    public float[] Y { get; }

    /// <summary>The strides of their maps.</summary>
    public float[] Strides { get; }
}
