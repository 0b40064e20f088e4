namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>TensorFlow's names for the padding of a plane: SAME and VALID have the fastest kernels.</summary>
internal static class PlanePadding
{
    /// <summary><c>VALID</c> or <c>SAME</c>; null if the pads are neither.</summary>
    /// <param name="plane">The shape of the plane, its channels last.</param>
    /// <param name="kernel">The window's height and width first.</param>
    /// <param name="strides">The steps between windows.</param>
    /// <param name="pads">The pads of height and width.</param>
    public static string? NameOf(long[] plane, long[] kernel, long[] strides, (long Before, long After)[] pads)
    {
        if (Array.TrueForAll(pads, p => p == (0, 0)))
            return "VALID";
        for (int i = 0; i < 2; i++)
        {
            long outputs = (plane[i + 1] + strides[i] - 1) / strides[i],
                total = Math.Max(0, (outputs - 1) * strides[i] + kernel[i] - plane[i + 1]);
            if (pads[i] != (total / 2, total - total / 2))
                return null;
        }
        return "SAME";
    }
}
