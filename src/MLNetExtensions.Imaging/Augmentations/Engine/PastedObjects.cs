using MLNetExtensions.Imaging.Boxes;

namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>A sample onto which objects of another one are pasted, one over the other.</summary>
internal sealed class PastedObjects
{
    private readonly MixingCanvas _canvas;
    private readonly ImageSample _donor;
    private readonly MixingWorkspace _work;
    private readonly int _own;
    private readonly List<int> _pixels = [];

    /// <param name="sample">The sample; it stays as it is.</param>
    /// <param name="donor">The sample that the objects are of.</param>
    /// <param name="work">Memory to work in, until the end.</param>
    public PastedObjects(ImageSample sample, ImageSample donor, MixingWorkspace work)
    {
        (_canvas, _donor, _work) = (new MixingCanvas(sample), donor, work);
        _own = _canvas.Boxes.Count;
        Owners.Clear();
    }

    /// <summary>For each pixel the number of the pasted object that it shows, from 1; 0 for none.</summary>
    private Span<byte> Owners => _work.Owners.Reserve(_canvas.Width * _canvas.Height);

    /// <summary>Pastes an object.</summary>
    /// <param name="index">The object's box of the donor.</param>
    /// <param name="scale">Its size; at 1 it fills as much of the new image as of its own.</param>
    /// <param name="x">The place of its left edge, 0 to 1 of where it can be.</param>
    /// <param name="y">The place of its upper edge.</param>
    public void Add(int index, double scale, double x, double y)
    {
        (int donorWidth, int donorHeight) = (_donor.Image.Width, _donor.Image.Height);
        ImageBox box = _donor.Boxes[index];
        int left = Math.Clamp((int)Math.Floor(box.Left), 0, donorWidth - 1),
            top = Math.Clamp((int)Math.Floor(box.Top), 0, donorHeight - 1),
            right = Math.Clamp((int)Math.Ceiling(box.Right), left + 1, donorWidth),
            bottom = Math.Clamp((int)Math.Ceiling(box.Bottom), top + 1, donorHeight);
        scale *= Math.Min((double)_canvas.Width / donorWidth, (double)_canvas.Height / donorHeight);
        int width = Math.Clamp((int)Math.Round((right - left) * scale), 1, _canvas.Width),
            height = Math.Clamp((int)Math.Round((bottom - top) * scale), 1, _canvas.Height);
        _work.Plan.Begin(donorWidth, donorHeight, width, height);
        _work.Plan.Crop(left, top, right - left, bottom - top);
        _work.Plan.Resize(width, height);
        Paste(index, width, height, (int)Math.Round(x * (_canvas.Width - width)), (int)Math.Round(y * (_canvas.Height - height)));
    }

    /// <summary>The sample, without boxes that are hidden.</summary>
    /// <param name="minimumVisibility">The smallest part of an object that must be visible.</param>
    public ImageSample ToSample(float minimumVisibility)
    {
        for (int i = _canvas.Boxes.Count - 1; i >= 0; i--)
            if (!(Visible(i) >= minimumVisibility))
                _canvas.Boxes.DropAt(i);
        return _canvas.ToSample();
    }

    private void Paste(int index, int width, int height, int left, int top)
    {
        IReadOnlyList<float[]>? rings = _donor.Polygons?[index];
        ReadOnlySpan<byte> cover = rings is null ? default : Cover(rings, width, height);
        _canvas.Copy(_work.Run(_donor), width, height, left, top, cover);
        _work.Boxes.Clear();
        _work.Boxes.Add(_donor.Boxes[index], rings);
        ReadOnlySpan<byte> mask = _work.Run(_work.Boxes, minimumVisibility: 0, _donor.MaskPlane, LabeledAugmenter.DefaultIgnored);
        if (_canvas.Mask is not null)
            _canvas.CopyMask(mask, width, height, left, top, cover);
        if (_work.Boxes.Count == 0)
            return;
        _canvas.Add(_work.Boxes, 0, left, top);
        _pixels.Add(Own(width, height, left, top, cover));
    }

    /// <summary>The object's pixels in its part, by its outline.</summary>
    private ReadOnlySpan<byte> Cover(IReadOnlyList<float[]> rings, int width, int height)
    {
        int pixels = _donor.Image.Width * _donor.Image.Height;
        Span<byte> memory = _work.Cover.Reserve(pixels + (width * height)),
            whole = memory[..pixels],
            part = memory[pixels..];
        whole.Clear();
        PolygonRaster.Fill(rings, whole, _donor.Image.Width, _donor.Image.Height, 1);
        _work.Run(boxes: null, minimumVisibility: 0, whole, ignored: 0).CopyTo(part);
        return part;
    }

    /// <summary>Notes the pixels of the newest object.</summary>
    /// <returns>Their number.</returns>
    private int Own(int width, int height, int left, int top, ReadOnlySpan<byte> cover)
    {
        int count = 0;
        byte number = (byte)(_pixels.Count + 1);
        Span<byte> owners = Owners;
        for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
        {
            if (!cover.IsEmpty && cover[(y * width) + x] == 0)
                continue;
            owners[((top + y) * _canvas.Width) + left + x] = number;
            count++;
        }
        return count;
    }

    /// <summary>The visible part of an object: of a pasted one's pixels, or of the pixels in an own one's box.</summary>
    private double Visible(int index)
    {
        ImageBox box = _canvas.Boxes[index];
        int left = Math.Clamp((int)Math.Floor(box.Left), 0, _canvas.Width),
            right = Math.Clamp((int)Math.Ceiling(box.Right), left, _canvas.Width),
            top = Math.Clamp((int)Math.Floor(box.Top), 0, _canvas.Height),
            bottom = Math.Clamp((int)Math.Ceiling(box.Bottom), top, _canvas.Height);
        // An own object shows where nothing was pasted.
        byte number = (byte)(index < _own ? 0 : index - _own + 1);
        int shown = 0;
        for (int y = top; y < bottom; y++)
            shown += Owners.Slice((y * _canvas.Width) + left, right - left).Count(number);
        int all = index < _own ? (right - left) * (bottom - top) : _pixels[index - _own];
        return (double)shown / all;
    }
}
