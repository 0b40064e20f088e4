using Microsoft.ML.Runtime;
using MLNetExtensions.Imaging.Boxes;
using MLNetExtensions.Imaging.Decoding;

namespace MLNetExtensions.Data.Boxes;

/// <summary>Looks at the boxes of a source, and counts those that cannot be right.</summary>
/// <param name="source">The file or folder, for messages.</param>
/// <param name="handling">The handling of such boxes.</param>
internal sealed class BoxCheck(string source, InvalidBoxHandling handling)
{
    // Annotation tools round, and count pixels from 0 or from 1.
    private const float Slack = 1;

    private string? _first;
    private long _wrong;
    private long _cut;
    private long _leftOut;

    /// <summary>Adds a box to the others of its image, as the handling has it.</summary>
    /// <param name="boxes">Receives it.</param>
    /// <param name="box">The box.</param>
    /// <param name="image">The image's size; zeros if it is not known.</param>
    /// <param name="place">Names the box: file, line, object.</param>
    public void Add(List<ImageBox> boxes, ImageBox box, ImageSize image, Func<string> place)
    {
        if (ProblemOf(box, image) is not { } problem)
        {
            boxes.Add(box);
            return;
        }
        _wrong++;
        _first ??= $"{place()} has the box ({box.Left:R}, {box.Top:R}, {box.Right:R}, {box.Bottom:R}), which {problem}";
        ImageBox inside = box with
        {
            Left = Math.Max(0, box.Left),
            Top = Math.Max(0, box.Top),
            Right = image.Width > 0 ? Math.Min(image.Width, box.Right) : box.Right,
            Bottom = image.Height > 0 ? Math.Min(image.Height, box.Bottom) : box.Bottom,
        };
        if (handling == InvalidBoxHandling.Clip && ProblemOf(inside, image) is null)
        {
            boxes.Add(inside);
            _cut++;
        }
        else
            _leftOut++;
    }

    /// <summary>Ends the check: throws if boxes are refused, and warns if some were cut or left out.</summary>
    /// <exception cref="InvalidDataException">Boxes are refused; the message names the first.</exception>
    public void Finish(IChannel channel)
    {
        if (_wrong == 0)
            return;
        if (handling == InvalidBoxHandling.Refuse)
            throw new InvalidDataException(
                $"'{source}': {_first}. {(_wrong == 1 ? "No other box is" : $"{_wrong - 1} other boxes are")} wrong. Expected finite left < "
                    + "right and top < bottom in the image (left, top, right, bottom in pixels). Mend them, or set InvalidBoxes to Clip or "
                    + "Skip."
            );
        channel.Warning(
            MessageSensitivity.None,
            "{0}",
            $"Boxes of '{source}' that cannot be right: {_cut} were cut at the image's edge, {_leftOut} left out. The first: {_first}."
        );
    }

    /// <summary>The problem of a box, as the end of a sentence; null if there is none.</summary>
    /// <param name="box">The box.</param>
    /// <param name="image">The image's size; zeros if it is not known.</param>
    public static string? ProblemOf(ImageBox box, ImageSize image)
    {
        if (!float.IsFinite(box.Left) || !float.IsFinite(box.Top) || !float.IsFinite(box.Right) || !float.IsFinite(box.Bottom))
            return "is not finite";
        if (box.Right < box.Left || box.Bottom < box.Top)
            return "is inverted";
        if (box.Right == box.Left || box.Bottom == box.Top)
            return "has no area";
        if (image is not { Width: > 0, Height: > 0 })
            return null;
        if (box.Left >= image.Width || box.Top >= image.Height || box.Right <= 0 || box.Bottom <= 0)
            return $"lies outside the image of {image.Width} x {image.Height} pixels";
        return box.Left < -Slack || box.Top < -Slack || box.Right > image.Width + Slack || box.Bottom > image.Height + Slack
            ? $"reaches over the edge of the image of {image.Width} x {image.Height} pixels"
            : null;
    }
}
