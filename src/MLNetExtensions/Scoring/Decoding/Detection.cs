using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetExtensions.Data;

namespace MLNetExtensions.Scoring;

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
        float width = Math.Min(Right, other.Right) - Math.Max(Left, other.Left), height = Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top);
        if (width <= 0 || height <= 0)
            return 0;
        float both = width * height;
        return both / (Area + other.Area - both);
    }

    /// <summary>Keeps the best of boxes of one class that overlap, best first (greedy non-maximum suppression).</summary>
    public static void Suppress(List<Detection> found, float overlap, int most)
    {
        // Of equal scores the first found.
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

    /// <summary>From the network's pixels back to those of the picture, through crop and resize; cut at the picture's edges.</summary>
    public Detection InPicture(ImagePreprocessing preprocessing, PictureSize picture)
    {
        if (picture.Width == 0)
            return this;
        float scaleX = (float)preprocessing.CanvasWidth / picture.Width, scaleY = (float)preprocessing.CanvasHeight / picture.Height;
        if (preprocessing.ResizeMode != ImageResizeMode.Stretch)
            scaleX = scaleY = preprocessing.ResizeMode == ImageResizeMode.Pad ? Math.Min(scaleX, scaleY) : Math.Max(scaleX, scaleY);
        float left = ((preprocessing.CanvasWidth - (picture.Width * scaleX)) / 2) - preprocessing.CropLeft;
        float top = ((preprocessing.CanvasHeight - (picture.Height * scaleY)) / 2) - preprocessing.CropTop;
        return this with
        {
            Left = Math.Clamp((Left - left) / scaleX, 0, picture.Width),
            Right = Math.Clamp((Right - left) / scaleX, 0, picture.Width),
            Top = Math.Clamp((Top - top) / scaleY, 0, picture.Height),
            Bottom = Math.Clamp((Bottom - top) / scaleY, 0, picture.Height),
        };
    }
}
