namespace MLNetExtensions.Explanation.Activations;

/// <summary>The maps of Grad-CAM and its relatives.</summary>
internal static class ActivationMaps
{
    // As Grad-CAM++ is implemented (arXiv 1710.11063, and pytorch-grad-cam).
    private const double Small = 1e-6;

    /// <summary>Grad-CAM: channels weighted by the mean of their gradients.</summary>
    public static void GradCam(ReadOnlySpan<float> activations, ReadOnlySpan<float> gradients, Span<float> map)
    {
        int places = map.Length,
            channels = activations.Length / places;
        var weights = new double[channels];
        for (int c = 0; c < channels; c++)
        {
            foreach (float gradient in gradients.Slice(c * places, places))
                weights[c] += gradient;
            weights[c] /= places;
        }
        Weigh(activations, weights, map);
    }

    /// <summary>Grad-CAM++: channels weighted by their positive gradients, places by derivatives of higher orders.</summary>
    public static void GradCamPlusPlus(ReadOnlySpan<float> activations, ReadOnlySpan<float> gradients, Span<float> map)
    {
        int places = map.Length,
            channels = activations.Length / places;
        var weights = new double[channels];
        for (int c = 0; c < channels; c++)
        {
            double sum = 0;
            foreach (float activation in activations.Slice(c * places, places))
                sum += activation;
            foreach (float gradient in gradients.Slice(c * places, places))
            {
                double g = gradient;
                if (g > 0)
                    weights[c] += g * (g * g / ((2 * g * g) + (sum * g * g * g) + Small));
            }
        }
        Weigh(activations, weights, map);
    }

    /// <summary>LayerCAM: each activation weighted by its own gradient where that is positive.</summary>
    public static void LayerCam(ReadOnlySpan<float> activations, ReadOnlySpan<float> gradients, Span<float> map)
    {
        map.Clear();
        for (int i = 0; i < activations.Length; i++)
            map[i % map.Length] += Math.Max(gradients[i], 0) * activations[i];
        Rectify(map);
    }

    /// <summary>HiResCAM: each activation weighted by its own gradient.</summary>
    public static void HiResCam(ReadOnlySpan<float> activations, ReadOnlySpan<float> gradients, Span<float> map)
    {
        map.Clear();
        for (int i = 0; i < activations.Length; i++)
            map[i % map.Length] += gradients[i] * activations[i];
        Rectify(map);
    }

    private static void Weigh(ReadOnlySpan<float> activations, double[] weights, Span<float> map)
    {
        for (int place = 0; place < map.Length; place++)
        {
            double sum = 0;
            for (int c = 0; c < weights.Length; c++)
                sum += weights[c] * activations[(c * map.Length) + place];
            map[place] = (float)Math.Max(sum, 0);
        }
    }

    private static void Rectify(Span<float> map)
    {
        for (int place = 0; place < map.Length; place++)
            map[place] = Math.Max(map[place], 0);
    }
}
