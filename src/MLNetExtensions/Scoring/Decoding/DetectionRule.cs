using MLNetExtensions.Imaging;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Scoring.Decoding;

/// <summary>
/// Converts a detection network's outputs to objects.
/// </summary>
/// <param name="Layout">The layout of the outputs.</param>
/// <param name="Classes">The number of classes.</param>
/// <param name="ScoreThreshold">The score that an object has at least.</param>
/// <param name="IouThreshold">The overlap above which the weaker of two boxes of a class is left out.</param>
/// <param name="MaxDetections">The most objects.</param>
/// <param name="FirstClass">The number that stands for the first class, where the network gives numbers.</param>
/// <param name="TopFirst">True if SSD's boxes are top, left, bottom, right.</param>
/// <param name="Frame">The position of the network's pixels in the image.</param>
/// <param name="Extra">The number of values of a YOLO box that are not read, behind its classes.</param>
internal sealed record DetectionRule(
    DetectionLayout Layout,
    int Classes,
    float ScoreThreshold,
    float IouThreshold,
    int MaxDetections,
    int FirstClass,
    bool TopFirst,
    ImageFrame Frame,
    int Extra
)
{
    // The first version had no Extra.
    private const float FirstVersion = 1,
        Version = 2;

    // Scores are shares; quantized models are a little off.
    private const float MaxScore = 1.05f;

    /// <summary>The number of outputs that are read.</summary>
    public int Outputs =>
        Layout switch
        {
            DetectionLayout.SsdScores => 2,
            DetectionLayout.SsdClasses => 3,
            _ => 1,
        };

    /// <summary>The rule of numbers in a model that was saved before decodings were nodes of graphs.</summary>
    /// <exception cref="InvalidDataException">They are no rule of this version.</exception>
    public static DetectionRule FromNumbers(ReadOnlySpan<float> numbers)
    {
        if (!(numbers.Length == 15 && numbers[0] == FirstVersion) && !(numbers.Length == 16 && numbers[0] == Version))
            throw new InvalidDataException(
                $"The model's rule for detections has {numbers.Length} numbers of version {(numbers.Length > 0 ? numbers[0] : 0)}; this "
                    + $"library reads 16 of version {Version}. "
                    + "Load it with the version of MLNetExtensions that saved it."
            );
        return new DetectionRule(
            (DetectionLayout)numbers[1],
            (int)numbers[2],
            numbers[3],
            numbers[4],
            (int)numbers[5],
            (int)numbers[6],
            numbers[7] != 0,
            new ImageFrame(
                (int)numbers[8],
                (int)numbers[9],
                (int)numbers[10],
                (int)numbers[11],
                (int)numbers[12],
                (int)numbers[13],
                (ImageResizeMode)numbers[14]
            ),
            numbers.Length > 15 ? (int)numbers[15] : 0
        );
    }

    /// <summary>Finds objects, best first, in pixels of the image.</summary>
    /// <param name="first">The first output.</param>
    /// <param name="second">The second, where there is one.</param>
    /// <param name="third">The third, where there is one.</param>
    /// <param name="image">The image's size; nothing where it is not known.</param>
    /// <param name="found">Receives the objects.</param>
    public void Detect(
        ReadOnlySpan<float> first,
        ReadOnlySpan<float> second,
        ReadOnlySpan<float> third,
        ImageSize image,
        List<Detection> found
    )
    {
        found.Clear();
        switch (Layout)
        {
            case DetectionLayout.EndToEnd:
                FindChosen(first, found);
                break;
            case DetectionLayout.SsdScores or DetectionLayout.SsdClasses:
                FindSsd(first, second, third, found);
                break;
            default:
                FindYolo(first, found);
                break;
        }
        // Boxes that the network has chosen itself may overlap.
        Detection.Suppress(found, Layout == DetectionLayout.EndToEnd ? 1 : IouThreshold, MaxDetections);
        for (int i = 0; i < found.Count; i++)
            found[i] = Frame.InImage(found[i], image);
    }

    private void FindYolo(ReadOnlySpan<float> values, List<Detection> found)
    {
        bool hasObjectness = Layout == DetectionLayout.YoloBoxesFirst;
        int firstClass = hasObjectness ? 5 : 4,
            endClass = firstClass + Classes,
            perBoxValues = endClass + Extra,
            boxes = values.Length / perBoxValues;
        (int perBox, int perValue) = Layout == DetectionLayout.YoloValuesFirst ? (1, boxes) : (perBoxValues, 1);
        for (int box = 0; box < boxes; box++)
        {
            int at = box * perBox;
            float objectness = hasObjectness ? values[at + 4] : 1;
            if (!(objectness >= ScoreThreshold))
                continue;
            int best = firstClass;
            for (int i = firstClass + 1; i < endClass; i++)
                if (values[at + (i * perValue)] > values[at + (best * perValue)])
                    best = i;
            float score = objectness * values[at + (best * perValue)];
            if (!(score >= ScoreThreshold))
                continue;
            CheckScore(Math.Max(objectness, values[at + (best * perValue)]));
            float x = values[at],
                y = values[at + perValue],
                halfWidth = values[at + (2 * perValue)] / 2,
                halfHeight = values[at + (3 * perValue)] / 2;
            found.Add(new Detection(best - firstClass, score, x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight));
        }
    }

    private void FindChosen(ReadOnlySpan<float> values, List<Detection> found)
    {
        int perBox = 6 + Extra;
        for (int at = 0; at + perBox <= values.Length; at += perBox)
        {
            (float score, int chosen) = (values[at + 4], (int)MathF.Round(values[at + 5]));
            if (!(score >= ScoreThreshold))
                continue;
            CheckScore(score);
            if (chosen < 0 || chosen >= Classes)
                throw new InvalidDataException(
                    $"A box of the YOLO output is of class {values[at + 5]}; there are {Classes}. {YoloShape.Known} Set "
                        + $"YoloDecoding.Layout and Labels as the model has them."
                );
            found.Add(new Detection(chosen, score, values[at], values[at + 1], values[at + 2], values[at + 3]));
        }
    }

    private static void CheckScore(float score)
    {
        if (score > MaxScore)
            throw new InvalidDataException(
                $"The YOLO output has a score of {score}, but scores are at most 1: it is laid out in another way than its shape tells. "
                    + $"{YoloShape.Known} "
                    + "Set YoloDecoding.Layout and Labels as the model has them."
            );
    }

    private void FindSsd(ReadOnlySpan<float> boxes, ReadOnlySpan<float> scores, ReadOnlySpan<float> classes, List<Detection> found)
    {
        int perBox = Classes + 1;
        for (int box = 0; box < boxes.Length / 4; box++)
        {
            if (Layout == DetectionLayout.SsdClasses)
            {
                int chosen = (int)classes[box] - FirstClass;
                if (scores[box] >= ScoreThreshold && chosen >= 0 && chosen < Classes)
                    found.Add(Box(boxes, box, chosen, scores[box]));
                continue;
            }
            // A box may be of several classes; the first is the background.
            for (int c = 1; c < perBox; c++)
                if (scores[(box * perBox) + c] >= ScoreThreshold)
                    found.Add(Box(boxes, box, c - 1, scores[(box * perBox) + c]));
        }
    }

    private Detection Box(ReadOnlySpan<float> boxes, int box, int ofClass, float score)
    {
        (float width, float height) = (Frame.Width, Frame.Height);
        ReadOnlySpan<float> edges = boxes.Slice(4 * box, 4);
        return TopFirst
            ? new Detection(ofClass, score, edges[1] * width, edges[0] * height, edges[3] * width, edges[2] * height)
            : new Detection(ofClass, score, edges[0] * width, edges[1] * height, edges[2] * width, edges[3] * height);
    }
}
