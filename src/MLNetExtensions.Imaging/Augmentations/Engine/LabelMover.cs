using MLNetExtensions.Imaging.Boxes;

namespace MLNetExtensions.Imaging.Augmentations.Engine;

/// <summary>
/// Moves the labels of an image through the steps of a plan: its boxes with all that is known of their outlines, and its mask. Operations
/// on pixels leave both as they are. Reused; not thread-safe.
/// </summary>
internal sealed class LabelMover
{
    private readonly List<MovedOutline> _pool = [];
    private readonly List<float[]> _rings = [];
    private readonly NearestResampler _resampler = new();
    private int _used;

    /// <summary>Moves boxes and a mask.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="field">Memory for displacements, best that of the image that the plan was worked through on.</param>
    /// <param name="boxes">The boxes, which are moved, clipped, and dropped where too little of them is left; null for none.</param>
    /// <param name="minimumVisibility">The smallest part of a box's area that must be visible, 0 to 1.</param>
    /// <param name="mask">The mask of the plan's first size; empty for none.</param>
    /// <param name="target">Receives the mask of the plan's last size.</param>
    /// <param name="ignored">The mask's value for what lies beyond the image.</param>
    public void Run(
        AugmentationPlan plan,
        DisplacementField field,
        BoxSet? boxes,
        float minimumVisibility,
        ReadOnlySpan<byte> mask,
        Span<byte> target,
        byte ignored
    )
    {
        (int width, int height) = (plan.FirstGeometry.SourceWidth, plan.FirstGeometry.SourceHeight);
        Begin(boxes, width, height);
        if (!mask.IsEmpty)
            _resampler.Begin(mask, width, height);
        foreach (ref readonly PlannedStep step in plan.Steps)
        {
            if (step.Operation is null)
            {
                Move(step.Geometry);
                if (!mask.IsEmpty)
                    _resampler.Run(step.Geometry, ignored);
                (width, height) = (step.Geometry.Width, step.Geometry.Height);
            }
            else if (step.Operation is IDisplacement displacement && (_used > 0 || !mask.IsEmpty))
            {
                field.Set(displacement, step.Key, width, height);
                Move(field);
                if (!mask.IsEmpty)
                    _resampler.Run(field, displacement.Border, ignored);
            }
        }
        End(boxes, minimumVisibility);
        if (!mask.IsEmpty)
            _resampler.Result.CopyTo(target);
    }

    private void Begin(BoxSet? boxes, int width, int height)
    {
        _used = 0;
        for (int i = 0; i < boxes?.Count; i++)
        {
            if (boxes.PolygonsOf(i) is not { } rings)
            {
                Next(i).Visible.Set(boxes[i]);
                continue;
            }
            foreach (float[] ring in rings)
                Next(i).Visible.Set(ring);
        }
        // What lies beyond the image never was visible, and does not count.
        for (int i = 0; i < _used; i++)
        {
            _pool[i].Visible.Clip(0, 0, width, height);
            _pool[i].Whole.Set(_pool[i].Visible);
        }
    }

    private MovedOutline Next(int box)
    {
        if (_used == _pool.Count)
            _pool.Add(new MovedOutline());
        MovedOutline next = _pool[_used++];
        next.Box = box;
        return next;
    }

    private void Move(in Geometry geometry)
    {
        if (geometry.IsIdentity)
            return;
        Homography toOutput = geometry.Map.Inverse();
        (double x, double y) = geometry.Map.Map(geometry.Width / 2.0, geometry.Height / 2.0);
        int side = (toOutput.Wx * x) + (toOutput.Wy * y) + 1 < 0 ? -1 : 1;
        for (int i = 0; i < _used; i++)
        {
            _pool[i].Whole.Move(toOutput, side);
            Outline visible = _pool[i].Visible;
            visible.Clip(geometry.Left, geometry.Top, geometry.Right, geometry.Bottom);
            visible.Move(toOutput, side);
            visible.Clip(0, 0, geometry.Width, geometry.Height);
        }
    }

    private void Move(DisplacementField field)
    {
        for (int i = 0; i < _used; i++)
        {
            _pool[i].Whole.Move(field);
            _pool[i].Visible.Move(field);
            _pool[i].Visible.Clip(0, 0, field.Width, field.Height);
        }
    }

    // From the last to the first, so that dropped boxes move none that is still to come.
    private void End(BoxSet? boxes, float minimumVisibility)
    {
        int end = _used;
        for (int i = (boxes?.Count ?? 0) - 1; i >= 0; i--)
        {
            int begin = end;
            while (begin > 0 && _pool[begin - 1].Box == i)
                begin--;
            End(boxes!, i, begin, end, minimumVisibility);
            end = begin;
        }
    }

    private void End(BoxSet boxes, int index, int begin, int end, float minimumVisibility)
    {
        double visible = 0,
            whole = 0;
        (double left, double top, double right, double bottom) = (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        for (int i = begin; i < end; i++)
        {
            visible += _pool[i].Visible.Area;
            whole += _pool[i].Whole.Area;
            foreach ((double x, double y) in _pool[i].Visible.Points)
            {
                (left, right) = (Math.Min(left, x), Math.Max(right, x));
                (top, bottom) = (Math.Min(top, y), Math.Max(bottom, y));
            }
        }
        if (!(visible > 0 && visible >= minimumVisibility * whole))
        {
            boxes.DropAt(index);
            return;
        }
        boxes.Set(
            index,
            boxes[index] with
            {
                Left = (float)left,
                Top = (float)top,
                Right = (float)right,
                Bottom = (float)bottom,
            },
            boxes.PolygonsOf(index) is null ? null : Rings(begin, end)
        );
    }

    private float[][] Rings(int begin, int end)
    {
        _rings.Clear();
        for (int i = begin; i < end; i++)
            if (!_pool[i].Visible.IsEmpty)
                _rings.Add(_pool[i].Visible.ToArray());
        return [.. _rings];
    }

    /// <summary>One outline of a box: all of it, and what is still visible.</summary>
    private sealed class MovedOutline
    {
        public int Box { get; set; }

        public Outline Whole { get; } = new();

        public Outline Visible { get; } = new();
    }
}
