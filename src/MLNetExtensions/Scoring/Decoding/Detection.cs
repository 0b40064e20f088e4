namespace MLNetExtensions.Scoring.Decoding;

/// <summary>An object that a network found.</summary>
/// <param name="Class">Its class, from 0.</param>
/// <param name="Score">Its score.</param>
/// <param name="Left">The left edge.</param>
/// <param name="Top">The upper edge.</param>
/// <param name="Right">The right edge.</param>
/// <param name="Bottom">The lower edge.</param>
internal readonly record struct Detection(int Class, float Score, float Left, float Top, float Right, float Bottom)
{
    private float Area => Math.Max(0, Right - Left) * Math.Max(0, Bottom - Top);

    /// <summary>The share that both boxes cover of what either covers.</summary>
    public float Overlap(Detection other)
    {
        float width = Math.Min(Right, other.Right) - Math.Max(Left, other.Left),
            height = Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top);
        if (width <= 0 || height <= 0)
            return 0;
        float both = width * height;
        return both / (Area + other.Area - both);
    }

    /// <summary>The edges of objects, one after another.</summary>
    public static float[] ValuesOf(IReadOnlyList<Detection> found) =>
        [.. found.SelectMany(d => (float[])[d.Left, d.Top, d.Right, d.Bottom])];

    /// <summary>Keeps the best of boxes of one class that overlap, best first (greedy non-maximum suppression).</summary>
    public static void Suppress(List<Detection> found, float overlap, int most)
    {
        // The first of equal scores.
        Detection[] byScore = [.. found.OrderByDescending(d => d.Score)];
        found.Clear();
        foreach (Detection candidate in byScore)
        {
            if (found.Count == most)
                return;
            if (!found.Exists(kept => kept.Class == candidate.Class && kept.Overlap(candidate) > overlap))
                found.Add(candidate);
        }
    }
}
