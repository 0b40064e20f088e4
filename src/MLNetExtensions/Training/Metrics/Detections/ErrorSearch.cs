namespace MLNetExtensions.Training.Metrics.Detections;

/// <summary>Finds the error of each box, image by image, by TIDE's rules.</summary>
internal sealed class ErrorSearch
{
    private const double OnObject = 0.5,
        OnBackground = 0.1;

    private readonly int _most;

    /// <param name="images">The images.</param>
    /// <param name="most">The number of boxes of a class that count in an image, those with the highest scores.</param>
    public ErrorSearch(IReadOnlyList<ImageBoxes> images, int most)
    {
        _most = most;
        foreach (ImageBoxes image in images)
            Add(image);
    }

    /// <summary>The boxes of all images that count, those of an image by their scores.</summary>
    public List<ErrorBox> Boxes { get; } = [];

    /// <summary>The objects that should be found.</summary>
    public List<ErrorObject> Objects { get; } = [];

    private void Add(ImageBoxes image)
    {
        List<ErrorObject> objects = [],
            crowds = [];
        for (int i = 0; i < image.Classes.Length; i++)
            (image.IsCrowd?[i] ?? false ? crowds : objects).Add(new ErrorObject(image.Classes[i], Box.At(image.Boxes, i)));
        int[] found = Counted(image);
        Box[] boxes = [.. found.Select(i => Box.At(image.FoundBoxes, i))];
        bool[] right = [.. found.Select((i, d) => TryTake(boxes[d], image.FoundClasses[i], objects))];
        for (int d = 0; d < found.Length; d++)
        {
            int label = image.FoundClasses[found[d]];
            float score = image.FoundScores[found[d]];
            if (right[d])
                Boxes.Add(new ErrorBox(label, score, DetectionErrorKind.None, null));
            else if (!crowds.Exists(crowd => crowd.Class == label && boxes[d].OverlapWith(crowd.Box, isCrowd: true) > OnObject))
                Boxes.Add(Wrong(boxes[d], label, score, objects));
        }
        Objects.AddRange(objects);
    }

    private int[] Counted(ImageBoxes image)
    {
        Dictionary<int, int> counts = [];
        return
        [
            .. Enumerable
                .Range(0, image.FoundClasses.Length)
                .OrderByDescending(i => image.FoundScores[i])
                .Where(i => (counts[image.FoundClasses[i]] = counts.GetValueOrDefault(image.FoundClasses[i]) + 1) <= _most),
        ];
    }

    private static bool TryTake(Box box, int label, List<ErrorObject> objects)
    {
        (ErrorObject? best, double overlap) = Best(box, objects, o => o.Class == label && !o.IsFound);
        if (best is null || overlap < OnObject)
            return false;
        best.IsFound = true;
        return true;
    }

    private static ErrorBox Wrong(Box box, int label, float score, List<ErrorObject> objects)
    {
        (ErrorObject? own, double ownOverlap) = Best(box, objects, o => o.Class == label);
        if (own is not null && ownOverlap is >= OnBackground and <= OnObject)
            return Near(own, DetectionErrorKind.Localization);
        (ErrorObject? other, double otherOverlap) = Best(box, objects, o => o.Class != label);
        if (other is not null && otherOverlap >= OnObject)
            return Near(other, DetectionErrorKind.Classification);
        DetectionErrorKind kind =
            Best(box, objects, o => o.Class == label && o.IsFound).Overlap >= OnObject ? DetectionErrorKind.Duplicate
            : Math.Max(ownOverlap, otherOverlap) <= OnBackground ? DetectionErrorKind.Background
            : DetectionErrorKind.Both;
        return new ErrorBox(label, score, kind, null);

        ErrorBox Near(ErrorObject of, DetectionErrorKind kind)
        {
            var wrong = new ErrorBox(label, score, kind, of.IsFound ? null : of);
            if (!of.IsFound && (of.Nearest is null || of.Nearest.Score < score))
                of.Nearest = wrong;
            return wrong;
        }
    }

    private static (ErrorObject? Object, double Overlap) Best(Box box, List<ErrorObject> objects, Func<ErrorObject, bool> counts)
    {
        (ErrorObject? Object, double Overlap) best = default;
        foreach (ErrorObject candidate in objects)
            if (counts(candidate) && box.OverlapWith(candidate.Box, isCrowd: false) is var overlap && overlap > best.Overlap)
                best = (candidate, overlap);
        return best;
    }
}
