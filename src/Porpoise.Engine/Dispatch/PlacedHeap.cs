namespace Porpoise.Engine.Dispatch;

/// <summary>Something that knows its place in the one heap that it is in.</summary>
internal interface IPlaced<in T>
{
    /// <summary>-1 while it is in none. Set by the heap only.</summary>
    int Place { get; set; }

    bool IsBefore(T other);
}

/// <summary>A binary heap out of whose middle items can be taken, or moved when their order has changed: each in O(log n). The framework's has only the front.</summary>
internal sealed class PlacedHeap<T>
    where T : class, IPlaced<T>
{
    private readonly List<T> _items = [];

    public T? First => _items.Count > 0 ? _items[0] : null;

    public void Add(T item)
    {
        _items.Add(item);
        Rise(item, _items.Count - 1);
    }

    public void Remove(T item)
    {
        var place = item.Place;
        var last = _items[^1];
        _items.RemoveAt(_items.Count - 1);
        item.Place = -1;
        if (last != item)
        {
            last.Place = place;
            _items[place] = last;
            Move(last);
        }
    }

    /// <summary>The item's order has changed.</summary>
    public void Move(T item)
    {
        var place = item.Place;
        Rise(item, place);
        if (item.Place == place)
        {
            Sink(item, place);
        }
    }

    private void Rise(T item, int place)
    {
        while (place > 0 && item.IsBefore(_items[(place - 1) / 2]))
        {
            Put(_items[(place - 1) / 2], place);
            place = (place - 1) / 2;
        }

        Put(item, place);
    }

    private void Sink(T item, int place)
    {
        while (((2 * place) + 1) is var child && child < _items.Count)
        {
            if (child + 1 < _items.Count && _items[child + 1].IsBefore(_items[child]))
            {
                child++;
            }

            if (!_items[child].IsBefore(item))
            {
                break;
            }

            Put(_items[child], place);
            place = child;
        }

        Put(item, place);
    }

    private void Put(T item, int place)
    {
        _items[place] = item;
        item.Place = place;
    }
}
