using MLNetExtensions.Training.Callbacks;

namespace MLNetExtensions.TrainingContract.DensePrediction;

/// <summary>Looks at the images and boxes that steps train on: red squares should be class 0, green ones 1.</summary>
internal sealed class SeenBoxes : TrainingCallback
{
    private const int Side = 64,
        Values = 5;

    /// <summary>The number of boxes in each step's batch.</summary>
    public List<int> Counts { get; } = [];

    /// <summary>The number of boxes that are large enough to look at, and how many are of their color.</summary>
    public int All { get; private set; }

    public int Right { get; private set; }

    /// <summary>The width of the widest box.</summary>
    public float Widest { get; private set; }

    public override void OnStepEnd(StepEndArguments arguments)
    {
        ReadOnlySpan<float> pixels = arguments.Batch.Inputs[0].Span,
            boxes = arguments.Batch.Inputs[1].Span;
        int objects = boxes.Length / Values / arguments.Batch.Count,
            count = 0;
        for (int i = 0; i < arguments.Batch.Count * objects; i++)
        {
            ReadOnlySpan<float> box = boxes.Slice(Values * i, Values);
            if (box[4] < 0)
                continue;
            count++;
            Widest = Math.Max(Widest, box[2] - box[0]);
            if (box[2] - box[0] < 5 || box[3] - box[1] < 5)
                continue;
            int at = ((i / objects * 3 * Side) + (int)((box[1] + box[3]) / 2)) * Side + (int)((box[0] + box[2]) / 2);
            (float red, float green) = (pixels[at], pixels[at + Side * Side]);
            All++;
            Right += box[4] == 0 && red > 150 && green < 100 || box[4] == 1 && green > 150 && red < 100 ? 1 : 0;
        }
        Counts.Add(count);
    }
}
