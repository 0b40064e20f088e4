using MLNetExtensions.Training.Metrics.Detections;

namespace MLNetExtensions.Reports.Objects;

/// <summary>Which objects of an image are found by boxes of enough score, and which of those boxes are right.</summary>
internal sealed class ImageErrors
{
    private const double RightOverlap = 0.5;

    private readonly bool[] _isFound;
    private readonly Dictionary<int, bool> _isRight = [];

    /// <param name="image">The objects and the boxes.</param>
    /// <param name="leastScore">Boxes of lower scores are left out.</param>
    public ImageErrors(ImageBoxes image, double leastScore)
    {
        _isFound = new bool[image.Classes.Length];
        // The best box takes an object first, as COCO counts.
        foreach (int box in Enumerable.Range(0, image.FoundScores.Length).OrderByDescending(i => image.FoundScores[i]))
        {
            if (image.FoundScores[box] < leastScore)
                break;
            var found = Box.At(image.FoundBoxes, box);
            int[] same = [.. Enumerable.Range(0, image.Classes.Length).Where(i => image.Classes[i] == image.FoundClasses[box])];
            int best = same.Where(i => !IsCrowd(image, i) && !_isFound[i])
                .Select(i => (Object: i, Overlap: found.OverlapWith(Box.At(image.Boxes, i), isCrowd: false)))
                .Where(match => match.Overlap >= RightOverlap)
                .OrderByDescending(match => match.Overlap)
                .Select(match => match.Object)
                .DefaultIfEmpty(-1)
                .First();
            if (best >= 0)
                _isFound[best] = _isRight[box] = true;
            // A box in a crowd counts neither as right nor as wrong.
            else if (!same.Any(i => IsCrowd(image, i) && found.OverlapWith(Box.At(image.Boxes, i), isCrowd: true) >= RightOverlap))
                _isRight[box] = false;
        }
        Missed = Enumerable.Range(0, _isFound.Length).Count(i => !_isFound[i] && !IsCrowd(image, i));
        Right = _isRight.Count(box => box.Value);
        Wrong = _isRight.Count - Right;
        Cost = Missed + _isRight.Where(box => !box.Value).Sum(box => (double)image.FoundScores[box.Key]);
    }

    /// <summary>The number of objects that no box is right about.</summary>
    public int Missed { get; }

    /// <summary>The number of right boxes.</summary>
    public int Right { get; }

    /// <summary>The number of wrong boxes.</summary>
    public int Wrong { get; }

    /// <summary>How bad it is: an object for each that is missed, and for each wrong box as much as it was sure.</summary>
    public double Cost { get; }

    /// <summary>True if an object is found.</summary>
    public bool IsFound(int index) => _isFound[index];

    /// <summary>True if a box is right, false if it is wrong; null if it does not count.</summary>
    public bool? IsRight(int box) => _isRight.TryGetValue(box, out bool isRight) ? isRight : null;

    private static bool IsCrowd(ImageBoxes image, int index) => image.IsCrowd?[index] == true;
}
