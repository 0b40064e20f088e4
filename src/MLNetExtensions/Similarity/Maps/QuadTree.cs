namespace MLNetExtensions.Similarity.Maps;

/// <summary>
/// The points of a map in squares of squares: what many points far away do to one is what their mean does (Barnes and Hut). Points that lie
/// at the same place are one cell.
/// </summary>
internal sealed class QuadTree
{
    private const int MaximumDepth = 48;

    private readonly double[] _points;
    private readonly List<Cell> _cells = [];

    /// <param name="points">[count, 2].</param>
    public QuadTree(double[] points)
    {
        _points = points;
        double left = double.MaxValue,
            top = double.MaxValue,
            right = double.MinValue,
            bottom = double.MinValue;
        for (int i = 0; i < points.Length; i += 2)
        {
            (left, right) = (Math.Min(left, points[i]), Math.Max(right, points[i]));
            (top, bottom) = (Math.Min(top, points[i + 1]), Math.Max(bottom, points[i + 1]));
        }
        double width = Math.Max(Math.Max(right - left, bottom - top), 1e-12) * 1.0001;
        _cells.Add(new Cell((left + right) / 2, (top + bottom) / 2, width));
        for (int point = 0; point < points.Length / 2; point++)
            Insert(point);
        foreach (Cell cell in _cells)
            if (cell.Count > 0)
                (cell.MeanX, cell.MeanY) = (cell.MeanX / cell.Count, cell.MeanY / cell.Count);
    }

    /// <summary>Adds the repulsion of all other points from one: (1 / (1 + d²))² times the way, and the sum of 1 / (1 + d²).</summary>
    /// <param name="point">The point.</param>
    /// <param name="angle">How wide a cell may be, in parts of its distance, to be taken as its mean; 0 for none.</param>
    /// <param name="stack">Working memory.</param>
    /// <returns>The two parts of the repulsion, and the sum.</returns>
    public (double X, double Y, double Sum) Repulsion(int point, double angle, Stack<int> stack)
    {
        double x = _points[2 * point],
            y = _points[(2 * point) + 1],
            forceX = 0,
            forceY = 0,
            sum = 0;
        stack.Clear();
        stack.Push(0);
        while (stack.TryPop(out int index))
        {
            Cell cell = _cells[index];
            if (cell.Count == 0)
                continue;
            double dx = x - cell.MeanX,
                dy = y - cell.MeanY,
                squared = (dx * dx) + (dy * dy);
            bool isFar = cell.Width * cell.Width < angle * angle * squared;
            if (cell.Children >= 0 && !isFar)
            {
                for (int child = 3; child >= 0; child--)
                    stack.Push(cell.Children + child);
                continue;
            }
            // A leaf at the point's own place has the point in it.
            int count = cell.Children < 0 && squared == 0 ? cell.Count - 1 : cell.Count;
            double near = 1 / (1 + squared);
            sum += count * near;
            forceX += count * near * near * dx;
            forceY += count * near * near * dy;
        }
        return (forceX, forceY, sum);
    }

    private void Insert(int point)
    {
        double x = _points[2 * point],
            y = _points[(2 * point) + 1];
        int at = 0;
        for (int depth = 0; ; depth++)
        {
            Cell cell = _cells[at];
            bool isOwn = cell.Count == 0 || depth == MaximumDepth || (cell.Children < 0 && cell.FirstX == x && cell.FirstY == y);
            if (cell.Children < 0 && !isOwn)
                Split(cell);
            cell.Count++;
            cell.MeanX += x;
            cell.MeanY += y;
            if (cell.Children < 0)
            {
                (cell.FirstX, cell.FirstY) = (x, y);
                return;
            }
            at = cell.Children + Quarter(cell, x, y);
        }
    }

    /// <summary>Moves the points of a leaf, all at one place, into one of its quarters.</summary>
    private void Split(Cell cell)
    {
        cell.Children = _cells.Count;
        for (int quarter = 0; quarter < 4; quarter++)
            _cells.Add(
                new Cell(
                    cell.X + ((quarter & 1) == 0 ? -cell.Width / 4 : cell.Width / 4),
                    cell.Y + ((quarter & 2) == 0 ? -cell.Width / 4 : cell.Width / 4),
                    cell.Width / 2
                )
            );
        Cell child = _cells[cell.Children + Quarter(cell, cell.FirstX, cell.FirstY)];
        (child.Count, child.MeanX, child.MeanY, child.FirstX, child.FirstY) = (
            cell.Count,
            cell.MeanX,
            cell.MeanY,
            cell.FirstX,
            cell.FirstY
        );
    }

    private static int Quarter(Cell cell, double x, double y) => (x < cell.X ? 0 : 1) + (y < cell.Y ? 0 : 2);

    private sealed class Cell(double x, double y, double width)
    {
        public readonly double X = x,
            Y = y,
            Width = width;

        public int Children = -1,
            Count;

        // Sums first, means when all points are in.
        public double MeanX,
            MeanY,
            FirstX,
            FirstY;
    }
}
