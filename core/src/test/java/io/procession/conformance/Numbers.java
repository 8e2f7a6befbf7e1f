package io.procession.conformance;

import io.procession.shared.SharedArray;
import java.io.Serializable;
import java.util.List;

/// An array of any way of running.
interface Numbers extends Serializable {
  int size();

  int get(int index);

  void set(int index, int value);

  List<Integer> toList();

  record Shared(SharedArray<Integer> it) implements Numbers {
    @Override
    public int size() {
      return (int) it.length();
    }

    @Override
    public int get(int index) {
      return it.getInt(index);
    }

    @Override
    public void set(int index, int value) {
      it.setInt(index, value);
    }

    @Override
    public List<Integer> toList() {
      return it.stream().toList();
    }
  }

  record Managed(List<Integer> it) implements Numbers {
    @Override
    public int size() {
      return it.size();
    }

    @Override
    public int get(int index) {
      return it.get(index);
    }

    @Override
    public void set(int index, int value) {
      it.set(index, value);
    }

    @Override
    public List<Integer> toList() {
      return List.copyOf(it);
    }
  }
}
